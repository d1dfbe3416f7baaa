import { inspect } from 'node:util'
import { camelName, toPythonResult } from './names.ts'

/** An EvaluateResult as JSON, with the names that eval-protocol reads. */
export type ResultJson = string

/** An invalid score: eval-protocol removes the row from the aggregate, and goes on. */
export function invalid(reason: string, error?: string): ResultJson {
  return toJson({ score: 0, is_score_valid: false, reason, error: error ?? reason })
}

/** The reason of a missing score, from a thrown value. */
export function invalidFrom(thrown: unknown): ResultJson {
  try {
    if (!(thrown instanceof Error)) return invalid(`The scorer threw ${inspect(thrown)}.`)
    return invalid(`The scorer threw ${thrown.name}: ${thrown.message}`, inspect(thrown))
  } catch {
    // A proxy, or a getter that throws. Without an answer, the row would wait for its timeout.
    return invalid('The scorer threw a value that cannot be shown.')
  }
}

/**
 * Checks the result of a scorer. eval-protocol checks no range, and one NaN ends its whole run. So everything except a
 * number from 0 to 1 is an invalid score, with the reason.
 */
export function checkedResult(value: unknown): ResultJson {
  if (typeof value === 'number') return problemOf(value) ?? toJson({ score: value })
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return invalid(
      `The scorer returned ${inspect(value)}, which is neither a number nor an object with a score.`,
    )
  }
  const result = new Map(entriesOf(value))
  const python = [...result.keys()].find((name) => name.includes('_') && KNOWN.has(camelName(name)))
  if (python) {
    return invalid(`The scorer returned ${python}, whose name in TypeScript is ${camelName(python)}.`)
  }
  const score = result.get('score')
  // A score that is marked as invalid may be missing.
  if (result.get('isScoreValid') === false) {
    return toJson(toPythonResult({ ...value, score: problemOf(score) ? 0 : score }))
  }
  return problemOf(score) ?? problemOfParts(result) ?? toJson(toPythonResult(value))
}

const KNOWN = new Set(['isScoreValid', 'stepOutputs', 'trajectoryInfo', 'finalControlPlaneInfo'])

function problemOf(score: unknown): ResultJson | undefined {
  if (typeof score !== 'number') {
    return invalid(`The score is ${score === undefined ? 'missing' : inspect(score)}, which is no number.`)
  }
  if (score >= 0 && score <= 1) return undefined
  return invalid(`The score is ${score}, which is not from 0 to 1.`)
}

/** Metrics and rewards may have any range, but JSON has no NaN. */
function problemOfParts(result: ReadonlyMap<string, unknown>): ResultJson | undefined {
  for (const [name, metric] of entriesOf(result.get('metrics'))) {
    const { score } = Object.fromEntries(entriesOf(metric))
    if (!Number.isFinite(score))
      return invalid(`The score of the metric ${name} is ${inspect(score)}, which is no finite number.`)
  }
  for (const [index, step] of entriesOf(result.get('stepOutputs'))) {
    const { baseReward } = Object.fromEntries(entriesOf(step))
    if (!Number.isFinite(baseReward))
      return invalid(
        `baseReward of stepOutputs[${index}] is ${inspect(baseReward)}, which is no finite number.`,
      )
  }
  return undefined
}

function entriesOf(value: unknown): [string, unknown][] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : []
}

/** A lone surrogate, as in a cut text, is an escape in JSON, which Python reads and cannot write again. */
function toJson(result: unknown): ResultJson {
  return JSON.stringify(result).replace(/(?<!\\)((?:\\\\)*)\\ud[89a-f][0-9a-f]{2}/g, '$1\ufffd')
}
