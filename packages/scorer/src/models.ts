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

/** `InputMetadata`: where a row comes from. Fields that it does not know keep their names. */
export interface InputMetadata {
  /** Made of the row's contents where the dataset gives none. */
  rowId?: string | null | undefined
  /** What the model was asked with, by the names of litellm: `model`, `temperature`, `base_url`. */
  completionParams?: Record<string, unknown> | undefined
  datasetInfo?: Record<string, unknown> | null | undefined
  sessionData?: Record<string, unknown> | null | undefined
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
  inputCost?: number | null | undefined
  outputCost?: number | null | undefined
  totalCostDollar?: number | null | undefined
}

/** `ExecutionMetadata`: how the model's answer came about. */
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
  /** Of the model's answer: `stop`, `length`, `tool_calls`. */
  finishReason?: string | null | undefined
  toolCallCount?: number | null | undefined
  rawOutput?: Record<string, unknown> | null | undefined
  extra?: Record<string, unknown> | null | undefined
}

/** `MetricResult`: one part of a score, shown beside it. */
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

/** `EvaluateResult`: what a scorer says of a row. */
export interface EvaluateResult {
  /** From 0, bad, to 1, good. eval-protocol takes any number; a scorer's that is outside is an invalid score. */
  score: number
  /** `false` leaves the row out of the aggregate. @default true */
  isScoreValid?: boolean | undefined
  reason?: string | null | undefined
  metrics?: Record<string, MetricResult> | undefined
  stepOutputs?: StepOutput[] | null | undefined
  error?: string | null | undefined
  trajectoryInfo?: Record<string, unknown> | null | undefined
  finalControlPlaneInfo?: Record<string, unknown> | null | undefined
}

/** `EvaluationRow`: a conversation to score. Fields of the dataset that it does not know keep their names. */
export interface EvaluationRow {
  /** With a model asked, its answer is the last one: `row.messages.at(-1)?.content`. */
  messages: Message[]
  /** As OpenAI's API has them. */
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
