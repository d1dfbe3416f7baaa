type Convert = (value: unknown) => unknown

const plain: Convert = (value) => value

const list =
  (convert: Convert): Convert =>
  (value) =>
    Array.isArray(value) ? value.map(convert) : value

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

// Objects are made from entries, so that a field `__proto__` in the data stays a field.
const record =
  (convert: Convert): Convert =>
  (value) =>
    isObject(value)
      ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, convert(item)]))
      : value

/** `row_id` → `rowId` */
export function camelName(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
}

/** Renames the fields in `table`, which has Python's names, and keeps all others. */
type Fields = (table: Readonly<Record<string, Convert>>) => Convert

const fields =
  (namesOf: (python: string) => [from: string, to: string]): Fields =>
  (table) => {
    const known = new Map(
      Object.entries(table).map(([python, convert]) => {
        const [from, to] = namesOf(python)
        return [from, { to, convert }]
      }),
    )
    return (value) => {
      if (!isObject(value)) return value
      const entries = Object.entries(value).map(([name, item]): [string, unknown] => {
        const field = known.get(name)
        return field ? [field.to, field.convert(item)] : [name, item]
      })
      return Object.fromEntries(entries)
    }
  }

const camel = fields((python) => [python, camelName(python)])
const snake = fields((python) => [camelName(python), python])

const evaluateResult = (named: Fields): Convert =>
  named({
    is_score_valid: plain,
    metrics: record(named({ is_score_valid: plain })),
    step_outputs: list(named({ step_index: plain, base_reward: plain, control_plane_info: plain })),
    trajectory_info: plain,
    final_control_plane_info: plain,
    agg_score: plain,
    standard_error: plain,
  })

/** Converts a row of eval-protocol to an EvaluationRow. Renames only fields of the models, not the user's data. */
export const toEvaluationRow: Convert = camel({
  messages: list(
    camel({
      content: list(camel({ image_url: plain })),
      reasoning_content: plain,
      tool_call_id: plain,
      tool_calls: plain,
      function_call: plain,
      control_plane_step: plain,
    }),
  ),
  input_metadata: camel({
    row_id: plain,
    completion_params: plain,
    dataset_info: plain,
    session_data: plain,
  }),
  rollout_status: plain,
  ground_truth: plain,
  evaluation_result: evaluateResult(camel),
  execution_metadata: camel({
    invocation_id: plain,
    experiment_id: plain,
    rollout_id: plain,
    run_id: plain,
    usage: camel({ prompt_tokens: plain, completion_tokens: plain, total_tokens: plain }),
    cost_metrics: camel({ input_cost: plain, output_cost: plain, total_cost_dollar: plain }),
    duration_seconds: plain,
    rollout_duration_seconds: plain,
    eval_duration_seconds: plain,
    experiment_duration_seconds: plain,
    finish_reason: plain,
    tool_call_count: plain,
    raw_output: plain,
  }),
  created_at: plain,
  eval_metadata: camel({
    num_runs: plain,
    aggregation_method: plain,
    passed_threshold: camel({ standard_error: plain }),
  }),
})

/** Converts an EvaluateResult for eval-protocol. */
export const toPythonResult: Convert = evaluateResult(snake)
