import { inspect } from 'node:util'
import { camelName, toPythonResult } from './names.ts'

/** An EvaluateResult as JSON, with the names that eval-protocol reads. */
export type ResultJson = string

/** What stands for a score that is none: eval-protocol leaves the row out of the aggregate and goes on. */
export function invalid(reason: string, error?: string): ResultJson {
  return toJson({ score: 0, is_score_valid: false, reason, error: error ?? reason })
}

/** Why there is no score, from what was thrown. */
export function invalidFrom(thrown: unknown): ResultJson {
  try {
    if (!(thrown instanceof Error)) return invalid(`The scorer threw ${inspect(thrown)}.`)
    return invalid(`The scorer threw ${thrown.name}: ${thrown.message}`, inspect(thrown))
  } catch {
    // A proxy, or a getter that throws. Without an answer the row would wait until its time is over.
    return invalid('The scorer threw a value that cannot be shown.')
  }
}

/**
 * What a scorer returned, checked. eval-protocol checks no bounds, and one score of NaN ends its whole run: what is no
 * number from 0 to 1 is an invalid score with the reason.
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
  // Who says that the score is not valid need not have one.
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

/** Metrics and rewards may have any bounds, but JSON has no NaN. */
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

/** Half a character, as in a text that was cut, is an escape in JSON, which Python reads and can't write again. */
function toJson(result: unknown): ResultJson {
  return JSON.stringify(result).replace(/(?<!\\)((?:\\\\)*)\\ud[89a-f][0-9a-f]{2}/g, '$1\ufffd')
}
