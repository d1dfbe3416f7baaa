import { expect, test } from 'vitest'
import { toEvaluationRow, toPythonResult } from './names.ts'

test("a row's own fields have TypeScript's names, and the user's data keeps its own", () => {
  const data = { my_key: { is_score_valid: 1 } }
  const row = {
    messages: [
      {
        role: 'assistant',
        content: [{ type: 'image_url', image_url: { some_detail: 'high' } }],
        tool_calls: [{ id: 'a', type: 'function', function: { name: 'f_g', arguments: '{"a_b":1}' } }],
        tool_call_id: null,
        reasoning_content: 'r',
        control_plane_step: data,
      },
    ],
    tools: [{ type: 'function', function: { parameters: { max_items: 3 } } }],
    input_metadata: {
      row_id: 'x',
      dataset_info: data,
      completion_params: { max_tokens: 3 },
      of_the_user: data,
    },
    ground_truth: data,
    execution_metadata: { rollout_id: 'r', usage: { prompt_tokens: 1 }, extra: data, raw_output: data },
    eval_metadata: { num_runs: 1, passed_threshold: { success: 1, standard_error: 0 } },
    created_at: '2026-12-01T00:00:00Z',
    my_field: data,
  }
  expect(toEvaluationRow(row)).toEqual({
    messages: [
      {
        role: 'assistant',
        content: [{ type: 'image_url', imageUrl: { some_detail: 'high' } }],
        toolCalls: row.messages[0]?.tool_calls,
        toolCallId: null,
        reasoningContent: 'r',
        controlPlaneStep: data,
      },
    ],
    tools: row.tools,
    inputMetadata: { rowId: 'x', datasetInfo: data, completionParams: { max_tokens: 3 }, of_the_user: data },
    groundTruth: data,
    executionMetadata: { rolloutId: 'r', usage: { promptTokens: 1 }, extra: data, rawOutput: data },
    evalMetadata: { numRuns: 1, passedThreshold: { success: 1, standardError: 0 } },
    createdAt: row.created_at,
    my_field: data,
  })
})

test('a field __proto__ of the data stays a field', () => {
  const row: unknown = JSON.parse('{"__proto__":{"messages":[]},"ground_truth":1}')
  expect(JSON.stringify(toEvaluationRow(row))).toBe('{"__proto__":{"messages":[]},"groundTruth":1}')
})

test("a result has Python's names, and what lies inside of its data keeps its own", () => {
  const data = { myKey: 1 }
  const result = {
    score: 1,
    isScoreValid: true,
    metrics: { lengthOfAnswer: { score: 1, reason: 'r', isScoreValid: false, data } },
    stepOutputs: [{ stepIndex: 0, baseReward: 1, controlPlaneInfo: data, metrics: data }],
    trajectoryInfo: data,
    finalControlPlaneInfo: data,
  }
  expect(toPythonResult(result)).toEqual({
    score: 1,
    is_score_valid: true,
    metrics: { lengthOfAnswer: { score: 1, reason: 'r', is_score_valid: false, data } },
    step_outputs: [{ step_index: 0, base_reward: 1, control_plane_info: data, metrics: data }],
    trajectory_info: data,
    final_control_plane_info: data,
  })
})
