import { type ResolvedRunOptions, type RunOptions, resolveRunOptions } from '@fw/evaluator-scorer/options'

/** An evaluator that is one TypeScript function: no Python is written. */
export interface ScoreOptions extends RunOptions {
  /**
   * Path, relative to the project's root, of the module whose default export scores a row:
   * `export default async function score(row: EvaluationRow): Promise<EvaluateResult | number>`. It has to be an entry of the
   * build; a config that names no entry gets it as the only one, with all that it imports inside. The files that
   * eval-protocol needs go into the archive with it, and one of them is the evaluator's entry point.
   */
  score?: string | undefined
  /** Path, relative to the project's root, of the dataset of `score`: JSONL, a row per line. It goes into the archive. */
  rows?: string | undefined
}

/** {@link ScoreOptions} of a plugin that has a scorer. */
export interface ResolvedScore extends ResolvedRunOptions {
  readonly score: string
  readonly rows: string
}

/** The names of the options, for those who check them. */
export const SCORE_OPTIONS: readonly string[] = [
  'score',
  'rows',
  'completionParams',
  'rollout',
  'passedThreshold',
  'timeoutMs',
]

/** @throws TypeError where one option lacks another, or is of the wrong kind */
export function resolveScore({ score, rows, ...run }: ScoreOptions): ResolvedScore | undefined {
  if (score !== undefined && rows !== undefined) return Object.freeze({ score, rows, ...checked(run) })
  if (score !== undefined)
    throw new TypeError("fwEvaluator: score needs rows, its dataset: fwEvaluator({ …, rows: 'rows.jsonl' })")
  const [alone] = Object.entries({ rows, ...run }).find(([, value]) => value !== undefined) ?? []
  if (alone !== undefined)
    throw new TypeError(`fwEvaluator: ${alone} is for an evaluator with score, the path of its scorer.`)
  return undefined
}

function checked(run: RunOptions): ResolvedRunOptions {
  try {
    return resolveRunOptions(run)
  } catch (cause) {
    throw cause instanceof TypeError ? new TypeError(`fwEvaluator: ${cause.message}.`) : cause
  }
}
