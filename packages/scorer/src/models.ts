/**
 * The models of eval-protocol 0.3 (`eval_protocol/models.py`) for a scorer: the same names in camelCase.
 *
 * The user's own data keeps its names: the content of `groundTruth`, `datasetInfo`, `sessionData`, `completionParams`,
 * `tools`, tool arguments, `controlPlaneStep`, `logprobs`, `extra`, `rawOutput`, and fields that the models do not
 * have. A run sets all fields; most are optional here so that a test can write a row by hand.
 */

/** `ChatCompletionContentPartTextParam` and `ChatCompletionContentPartImageParam`. */
export type ContentPart =
  | { type: 'text'; text: string }
  | { type: 'image_url'; imageUrl: Record<string, unknown> }

/** OpenAI's `FunctionCall`: the arguments are the model's text, which should be JSON, but may not be. */
export interface FunctionCall {
  name: string
  arguments: string
}

/** OpenAI's `ChatCompletionMessageToolCall`. */
export interface ToolCall {
  id: string
  type: 'function'
  function: FunctionCall
}

/** `Message`: a message of a conversation. */
export interface Message {
  /** `system`, `user`, `assistant` or `tool`. */
  role: string
  content?: string | ContentPart[] | null | undefined
  reasoningContent?: string | null | undefined
  name?: string | null | undefined
  toolCallId?: string | null | undefined
  toolCalls?: ToolCall[] | null | undefined
  functionCall?: FunctionCall | null | undefined
  controlPlaneStep?: Record<string, unknown> | null | undefined
  weight?: number | null | undefined
  logprobs?: unknown
}

/** `InputMetadata`: the origin of a row. Unknown fields keep their names. */
export interface InputMetadata {
  /** If the dataset has none, it is made from the row's content. */
  rowId?: string | null | undefined
  /** The parameters of the model's call, with the names of litellm: `model`, `temperature`, `base_url`. */
  completionParams?: Record<string, unknown> | undefined
  datasetInfo?: Record<string, unknown> | null | undefined
  sessionData?: Record<string, unknown> | null | undefined
  [field: string]: unknown
}

/** `Status`, of a rollout or an evaluation, after AIP-193. */
export interface Status {
  /** As in gRPC. From 100 on, eval-protocol's own: 100 finished, 101 running, 102 score invalid. */
  code: number
  message: string
  details: Record<string, unknown>[]
}

/** `CompletionUsage`: the tokens of the model's call. */
export interface CompletionUsage {
  promptTokens: number
  completionTokens: number
  totalTokens: number
}

/** `CostMetrics`, in US dollars. */
export interface CostMetrics {
  inputCost?: number | null | undefined
  outputCost?: number | null | undefined
  totalCostDollar?: number | null | undefined
}

/** `ExecutionMetadata`: how the model's answer was made. */
export interface ExecutionMetadata {
  invocationId?: string | null | undefined
  experimentId?: string | null | undefined
  rolloutId?: string | null | undefined
  runId?: string | null | undefined
  usage?: CompletionUsage | null | undefined
  costMetrics?: CostMetrics | null | undefined
  rolloutDurationSeconds?: number | null | undefined
  evalDurationSeconds?: number | null | undefined
  experimentDurationSeconds?: number | null | undefined
  /** The reason of the answer's end: `stop`, `length`, `tool_calls`. */
  finishReason?: string | null | undefined
  toolCallCount?: number | null | undefined
  rawOutput?: Record<string, unknown> | null | undefined
  extra?: Record<string, unknown> | null | undefined
}

/** `MetricResult`: a part of a score, shown with it. */
export interface MetricResult {
  score: number
  reason: string
  /** @default true */
  isScoreValid?: boolean | undefined
  /** @default {} */
  data?: Record<string, unknown> | undefined
}

/** `StepOutput`: the reward of one step of a rollout. */
export interface StepOutput {
  stepIndex: number | string
  baseReward: number
  /** @default false */
  terminated?: boolean | undefined
  controlPlaneInfo?: Record<string, unknown> | null | undefined
  /** @default {} */
  metrics?: Record<string, unknown> | undefined
  reason?: string | null | undefined
}

/** `EvaluateResult`: the result of a scorer for a row. */
export interface EvaluateResult {
  /** From 0 (bad) to 1 (good). eval-protocol accepts any number, but here a number out of range is an invalid score. */
  score: number
  /** `false` removes the row from the aggregate. @default true */
  isScoreValid?: boolean | undefined
  reason?: string | null | undefined
  metrics?: Record<string, MetricResult> | undefined
  stepOutputs?: StepOutput[] | null | undefined
  error?: string | null | undefined
  trajectoryInfo?: Record<string, unknown> | null | undefined
  finalControlPlaneInfo?: Record<string, unknown> | null | undefined
}

/** `EvaluationRow`: a conversation to score. Unknown fields of the dataset keep their names. */
export interface EvaluationRow {
  /** If a model was asked, its answer is the last one: `row.messages.at(-1)?.content`. */
  messages: Message[]
  /** As in OpenAI's API. */
  tools?: Record<string, unknown>[] | null | undefined
  inputMetadata?: InputMetadata | undefined
  rolloutStatus?: Status | undefined
  /** Any JSON; the dataset's `ground_truth`. */
  groundTruth?: unknown
  evaluationResult?: EvaluateResult | null | undefined
  executionMetadata?: ExecutionMetadata | undefined
  /** As ISO 8601. */
  createdAt?: string | undefined
  pid?: number | null | undefined
  [field: string]: unknown
}

/**
 * A scorer: the default export of the module in the option `score`. It returns a result, or only the score.
 *
 * @example
 * ```ts
 * import type { Score } from '@fw/evaluator-scorer'
 *
 * const score: Score = ({ messages, groundTruth }) => (messages.at(-1)?.content === groundTruth ? 1 : 0)
 * export default score
 * ```
 */
export type Score = (row: EvaluationRow) => EvaluateResult | number | Promise<EvaluateResult | number>
