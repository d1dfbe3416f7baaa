import { type ResolvedRunOptions, type RunOptions, resolveRunOptions } from '@fw/evaluator-scorer/options'

/** Options of an evaluator that is one TypeScript function. You write no Python. */
export interface ScoreOptions extends RunOptions {
  /**
   * Path, relative to the project's root, of the module whose default export scores a row: `export default async
   * function score(row: EvaluationRow): Promise<EvaluateResult | number>`. It must be an entry of the build. If the
   * config has no entry, it becomes the only one, bundled with all its imports. The plugin adds the files that
   * eval-protocol needs; one of them is the entry point.
   */
  score?: string | undefined
  /** Path, relative to the project's root, of the dataset: JSONL, one row per line. It goes into the archive. */
  rows?: string | undefined
}

/** The resolved {@link ScoreOptions} of a plugin with a scorer. */
export interface ResolvedScore extends ResolvedRunOptions {
  readonly score: string
  readonly rows: string
}

/** The names of the options, for checks. */
export const SCORE_OPTIONS: Readonly<Record<keyof ScoreOptions, true>> = {
  score: true,
  rows: true,
  completionParams: true,
  rollout: true,
  passedThreshold: true,
  timeoutMs: true,
}

/** @throws TypeError if an option needs another one, or has the wrong type */
export function resolveScore({ score, rows, ...run }: ScoreOptions): ResolvedScore | undefined {
  if (score !== undefined && rows !== undefined) {
    checkPaths(score, rows)
    return Object.freeze({ score, rows, ...checked(run) })
  }
  if (score !== undefined)
    throw new TypeError("fwEvaluator: score needs rows, its dataset: fwEvaluator({ …, rows: 'rows.jsonl' })")
  const [alone] = Object.entries({ rows, ...run }).find(([, value]) => value !== undefined) ?? []
  if (alone !== undefined)
    throw new TypeError(`fwEvaluator: ${alone} is for an evaluator with score, the path of its scorer.`)
  return undefined
}

function checkPaths(score: string, rows: string): void {
  if (/\.py$/i.test(score)) {
    throw new TypeError(
      `fwEvaluator: score names a module of JavaScript or TypeScript, not ${score}. For an evaluator in Python leave score out: fwEvaluator({ …, include: ['${score}', 'requirements.txt'] })`,
    )
  }
  if (/^[a-z]{2,}:\/\//i.test(rows))
    throw new TypeError(
      `fwEvaluator: rows must be the path of a file, which goes into the archive, not ${rows}`,
    )
}

function checked(run: RunOptions): ResolvedRunOptions {
  try {
    return resolveRunOptions(run)
  } catch (cause) {
    throw cause instanceof TypeError ? new TypeError(`fwEvaluator: ${cause.message}.`) : cause
  }
}
