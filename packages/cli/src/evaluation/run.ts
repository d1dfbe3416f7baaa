import { mkdir, readdir, readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { runChild } from './child.ts'

export interface RunOptions {
  readonly python: string
  /** Folder of the evaluator. */
  readonly dir: string
  /** `path/to/file.py::function` */
  readonly entryPoint: string
  /** Folder for the files of the run: results, logs. */
  readonly scratch: string
  /** A model to ask. Without it, and without EP_COMPLETION_PARAMS, the rows are scored as they are in the dataset. */
  readonly model?: string | undefined
  /** The largest number of rows to score. */
  readonly rows?: number | undefined
  readonly timeoutMs: number
  readonly env: NodeJS.ProcessEnv
  readonly signal: AbortSignal
  readonly onText?: ((text: string) => void) | undefined
}

/** The result for a row. */
export interface ScoredRow {
  /** Its id, from the dataset or from eval-protocol. */
  readonly id: string
  readonly score: number
  readonly isScoreValid: boolean
  readonly reason?: string
  /** The time of the scorer alone. */
  readonly ms?: number
  /** The role of the last message: `assistant` if a model was asked. */
  readonly lastRole?: string
}

export interface RunResult {
  /** In the order of the dataset, as far as eval-protocol reports it. */
  readonly rows: readonly ScoredRow[]
  readonly passed: boolean
  readonly timedOut: boolean
  /** The output of pytest. */
  readonly text: string
}

/** Runs an evaluator's entry point through eval-protocol, as the service does, and returns the result for each row. */
export async function runEvaluator(options: RunOptions): Promise<RunResult> {
  const { python, dir, entryPoint, scratch, timeoutMs, signal, onText } = options
  // pytest also reads settings in the folders above, which do not belong to the evaluator.
  const args = ['-m', 'pytest', '-p', 'no:cacheprovider', '--rootdir', dir, '-vs', entryPoint]
  const env = await environment(options)
  const { code, text, timedOut } = await runChild(python, args, { cwd: dir, env, signal, timeoutMs, onText })
  return { rows: await readResults(join(scratch, 'out')), passed: code === 0, timedOut, text }
}

async function environment({ env, model, rows, scratch, python }: RunOptions): Promise<NodeJS.ProcessEnv> {
  // Its own home, because eval-protocol keeps a database there. The caches of other packages stay available.
  const home = join(scratch, 'home')
  await mkdir(home, { recursive: true })
  return {
    ...env,
    PATH: `${dirname(python)}${delimiter}${env.PATH ?? ''}`,
    HOME: home,
    USERPROFILE: home,
    XDG_CACHE_HOME: env.XDG_CACHE_HOME || join(homedir(), '.cache'),
    EP_OUTPUT_DIR: join(scratch, 'out'),
    // Do not send results to the account, and do not open a page in the browser.
    EP_NO_UPLOAD: '1',
    EP_DISABLE_AUTO_BROWSER: '1',
    LITELLM_LOCAL_MODEL_COST_MAP: 'True',
    PYTHONDONTWRITEBYTECODE: '1',
    ...(rows !== undefined && { EP_MAX_DATASET_ROWS: String(rows) }),
    ...(model !== undefined && { EP_COMPLETION_PARAMS: JSON.stringify([{ model }]) }),
    ...(model === undefined && !env.EP_COMPLETION_PARAMS && { EP_USE_NO_OP_ROLLOUT_PROCESSOR: '1' }),
  }
}

/** The fields of a row in `experiment_results`, with eval-protocol's names. */
interface StoredRow {
  messages?: readonly { role?: string }[]
  input_metadata?: { row_id?: string; dataset_info?: { data_loader_row_idx?: number } }
  evaluation_result?: { score?: number; is_score_valid?: boolean; reason?: string }
  execution_metadata?: { eval_duration_seconds?: number }
}

async function readResults(folder: string): Promise<ScoredRow[]> {
  const results = join(folder, 'experiment_results')
  const files = await readdir(results).catch(() => [])
  const texts = await Promise.all(files.map((file) => readFile(join(results, file), 'utf8')))
  const stored: StoredRow[] = texts
    .flatMap((text) => text.split('\n'))
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line))
  const position = (row: StoredRow): number => row.input_metadata?.dataset_info?.data_loader_row_idx ?? 0
  return stored.sort((a, b) => position(a) - position(b)).flatMap(toScoredRow)
}

function toScoredRow(row: StoredRow, index: number): ScoredRow[] {
  const { score, is_score_valid: isScoreValid = true, reason } = row.evaluation_result ?? {}
  if (score === undefined) return []
  const seconds = row.execution_metadata?.eval_duration_seconds
  const lastRole = row.messages?.at(-1)?.role
  return [
    {
      id: row.input_metadata?.row_id ?? String(index + 1),
      score,
      isScoreValid,
      ...(reason && { reason }),
      ...(typeof seconds === 'number' && { ms: Math.round(seconds * 1000) }),
      ...(lastRole !== undefined && { lastRole }),
    },
  ]
}

/** The reason of pytest's failure: the lines of its output that it marks with an E. */
export function failureLines(text: string): string[] {
  const marked = text
    .split('\n')
    .map((line) => /^E\s+(.*\S)/.exec(line)?.[1])
    .filter((line) => line !== undefined)
  if (marked.length > 0) return [...new Set(marked)].slice(-MOST_LINES)
  const error = text.split('\n').findLast((line) => /^ERROR|Error:/.test(line))
  return error === undefined ? [] : [error.replace(/^ERROR:?\s*/, '')]
}

const MOST_LINES = 5
