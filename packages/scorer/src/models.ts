/**
 * The models of eval-protocol 0.3 (`eval_protocol/models.py`) as a scorer sees them: the same names in camelCase.
 *
 * What is the user's own data keeps its names: what lies inside of `groundTruth`, `datasetInfo`, `sessionData`,
 * `completionParams`, `tools`, tool arguments, `controlPlaneStep`, `logprobs`, `extra`, `rawOutput`, and fields that the models
 * do not know. A run sets all fields; most are optional here so that a test can write a row by hand.
 */

/** `ChatCompletionContentPartTextParam` and `ChatCompletionContentPartImageParam`. */
export type ContentPart =
  | { type: 'text'; text: string }
  | { type: 'image_url'; imageUrl: Record<string, unknown> }

/** OpenAI's `FunctionCall`: the arguments are JSON as the model wrote it, which may be no JSON at all. */
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

/** `Message`: one of a conversation. */
export interface Message {
  /** `system`, `user`, `assistant` or `tool`. */
  role: string
  content?: string | ContentPart[] | null
  reasoningContent?: string | null
  name?: string | null
  toolCallId?: string | null
  toolCalls?: ToolCall[] | null
  functionCall?: FunctionCall | null
  controlPlaneStep?: Record<string, unknown> | null
  weight?: number | null
  logprobs?: unknown
}

/** `InputMetadata`: where a row comes from. Fields that it does not know keep their names. */
export interface InputMetadata {
  /** Made of the row's contents where the dataset gives none. */
  rowId?: string | null
  /** What the model was asked with, by the names of litellm: `model`, `temperature`, `base_url`. */
  completionParams?: Record<string, unknown>
  datasetInfo?: Record<string, unknown> | null
  sessionData?: Record<string, unknown> | null
  [field: string]: unknown
}

/** `Status`, of a rollout or an evaluation, after AIP-193. */
export interface Status {
  /** As in gRPC, and from 100 on eval-protocol's own: 100 finished, 101 running, 102 score invalid. */
  code: number
  message: string
  details: Record<string, unknown>[]
}

/** `CompletionUsage`: the tokens that the model took. */
export interface CompletionUsage {
  promptTokens: number
  completionTokens: number
  totalTokens: number
}

/** `CostMetrics`, in US dollars. */
export interface CostMetrics {
  inputCost?: number | null
  outputCost?: number | null
  totalCostDollar?: number | null
}

/** `ExecutionMetadata`: how the model's answer came about. */
export interface ExecutionMetadata {
  invocationId?: string | null
  experimentId?: string | null
  rolloutId?: string | null
  runId?: string | null
  usage?: CompletionUsage | null
  costMetrics?: CostMetrics | null
  rolloutDurationSeconds?: number | null
  evalDurationSeconds?: number | null
  experimentDurationSeconds?: number | null
  /** Of the model's answer: `stop`, `length`, `tool_calls`. */
  finishReason?: string | null
  toolCallCount?: number | null
  rawOutput?: Record<string, unknown> | null
  extra?: Record<string, unknown> | null
}

/** `MetricResult`: one part of a score, shown beside it. */
export interface MetricResult {
  score: number
  reason: string
  /** @default true */
  isScoreValid?: boolean
  /** @default {} */
  data?: Record<string, unknown>
}

/** `StepOutput`: the reward of one step of a rollout. */
export interface StepOutput {
  stepIndex: number | string
  baseReward: number
  /** @default false */
  terminated?: boolean
  controlPlaneInfo?: Record<string, unknown> | null
  /** @default {} */
  metrics?: Record<string, unknown>
  reason?: string | null
}

/** `EvaluateResult`: what a scorer says of a row. */
export interface EvaluateResult {
  /** From 0, bad, to 1, good. eval-protocol takes any number; a scorer's that is outside is an invalid score. */
  score: number
  /** `false` leaves the row out of the aggregate. @default true */
  isScoreValid?: boolean
  reason?: string | null
  metrics?: Record<string, MetricResult>
  stepOutputs?: StepOutput[] | null
  error?: string | null
  trajectoryInfo?: Record<string, unknown> | null
  finalControlPlaneInfo?: Record<string, unknown> | null
}

/** `EvaluationRow`: a conversation to score. Fields of the dataset that it does not know keep their names. */
export interface EvaluationRow {
  /** With a model asked, its answer is the last one: `row.messages.at(-1)?.content`. */
  messages: Message[]
  /** As OpenAI's API has them. */
  tools?: Record<string, unknown>[] | null
  inputMetadata?: InputMetadata
  rolloutStatus?: Status
  /** Any JSON; the dataset's `ground_truth`. */
  groundTruth?: unknown
  evaluationResult?: EvaluateResult | null
  executionMetadata?: ExecutionMetadata
  /** As ISO 8601. */
  createdAt?: string
  pid?: number | null
  [field: string]: unknown
}

/**
 * A scorer: the default export of the module that the option `score` names. A number is the score alone.
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
