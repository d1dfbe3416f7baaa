import { pythonLiteral } from './python.ts'

/**
 * Parameters of a model's call, with the names of litellm: `model`, `temperature`, `max_tokens`, `base_url`, `api_key`,
 * `extra_body` and all others of litellm.
 */
export type CompletionParams = Readonly<Record<string, unknown>>

/** `EvaluationThreshold` of eval-protocol. */
export interface PassedThreshold {
  /** The lowest aggregate of the scores, 0 to 1. */
  success: number
  /** The highest standard error of the aggregate, 0 to 1. */
  standardError?: number | undefined
}

/**
 * How a row gets the model's answer: `single-turn` asks the model once (`SingleTurnRolloutProcessor`), `none` scores
 * the row as it is in the dataset (`NoOpRolloutProcessor`), `remote` uses your server
 * (`RemoteRolloutProcessor`).
 */
export type Rollout = 'single-turn' | 'none' | { remote: string }

/** How an evaluator runs: arguments of eval-protocol's `evaluation_test`, and the time of a row. */
export interface RunOptions {
  /**
   * Models to ask, one experiment for each: eval-protocol's `completion_params`. A fine-tuning run replaces them.
   * @default [{ model: 'accounts/fireworks/models/gpt-oss-120b' }], no model with the rollout `none`
   */
  completionParams?: readonly CompletionParams[] | undefined
  /** How a row gets its answer: eval-protocol's `rollout_processor`. @default 'single-turn' */
  rollout?: Rollout | undefined
  /**
   * The scores that the test needs to pass: eval-protocol's `passed_threshold`, a number from 0 to 1 or
   * `{ success, standardError }`. @default undefined: the test never fails because of its scores
   */
  passedThreshold?: number | PassedThreshold | undefined
  /**
   * Milliseconds for a row's score; then the score is invalid. Code that blocks the event loop is ended after half of
   * this time. @default 60000
   */
  timeoutMs?: number | undefined
}

/** {@link RunOptions}, checked and with defaults. */
export interface ResolvedRunOptions {
  readonly completionParams: readonly CompletionParams[] | undefined
  readonly rollout: Rollout
  readonly passedThreshold: PassedThreshold | undefined
  readonly timeoutMs: number
}

const DEFAULT_MODEL = 'accounts/fireworks/models/gpt-oss-120b'
const DEFAULT_TIMEOUT_MS = 60_000

/**
 * Checks the options, and adds the defaults.
 *
 * @example
 * ```ts
 * resolveRunOptions({ timeoutMs: 5000 }).completionParams
 * // [{ model: 'accounts/fireworks/models/gpt-oss-120b' }]
 * ```
 * @throws TypeError on a value of the wrong type, or out of range.
 */
export function resolveRunOptions(options: RunOptions): ResolvedRunOptions {
  const { rollout = 'single-turn', passedThreshold, timeoutMs = DEFAULT_TIMEOUT_MS } = options
  const { completionParams = rollout === 'none' ? undefined : [{ model: DEFAULT_MODEL }] } = options
  if (completionParams !== undefined) checkParams(completionParams)
  const threshold = typeof passedThreshold === 'number' ? { success: passedThreshold } : passedThreshold
  if (rollout !== 'single-turn' && rollout !== 'none' && !isRemote(rollout)) {
    throw new TypeError("rollout must be 'single-turn', 'none' or { remote: 'https://…' }")
  }
  if (threshold !== undefined && !isThreshold(threshold)) {
    throw new TypeError('passedThreshold must be a number from 0 to 1, or { success, standardError } of such')
  }
  if (!Number.isFinite(timeoutMs) || timeoutMs <= 0) {
    throw new TypeError('timeoutMs must be a number of milliseconds above 0')
  }
  return Object.freeze({ completionParams, rollout, passedThreshold: threshold, timeoutMs })
}

function checkParams(params: unknown): void {
  if (!Array.isArray(params) || params.length === 0 || !params.every(isObject)) {
    throw new TypeError("completionParams must be a list with at least one object, as [{ model: '…' }]")
  }
  if (!params.every(({ model }) => typeof model === 'string' && model.trim() !== '')) {
    throw new TypeError("completionParams must be objects that each name a model, as [{ model: '…' }]")
  }
  if (!hasLiteral(params)) {
    throw new TypeError(
      'completionParams must be JSON: strings, numbers, true, false, null, lists and objects',
    )
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Whether it has these fields and no others: one that is spelt as Python has it would be ignored. */
function hasOnly(value: unknown, ...names: string[]): value is Record<string, unknown> {
  return isObject(value) && Object.keys(value).every((name) => names.includes(name))
}

function isRemote(value: unknown): boolean {
  return hasOnly(value, 'remote') && isHttpUrl(value.remote)
}

function isThreshold(value: unknown): boolean {
  if (!hasOnly(value, 'success', 'standardError')) return false
  const { success, standardError = 0 } = value
  return isShare(success) && isShare(standardError)
}

function hasLiteral(value: unknown): boolean {
  try {
    pythonLiteral(value)
    return true
  } catch {
    return false
  }
}

function isHttpUrl(value: unknown): boolean {
  return typeof value === 'string' && /^https?:/.test(value) && URL.canParse(value)
}

function isShare(value: unknown): boolean {
  return typeof value === 'number' && value >= 0 && value <= 1
}
