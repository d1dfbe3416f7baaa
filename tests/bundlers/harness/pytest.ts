import { execFile } from 'node:child_process'
import { mkdir, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

/** A row as eval-protocol keeps it. */
interface StoredRow {
  messages: { role: string; content: string }[]
  evaluation_result: { score: number; is_score_valid: boolean; reason: string | null }
  eval_metadata: { name: string }
}

/** A row that was scored. */
interface Scored {
  messages: StoredRow['messages']
  score: number
  isValid: boolean
  reason: string | null
}

interface PytestOptions {
  python: string
  /** Paths of the test files. */
  tests: readonly string[]
  /** A folder for what it leaves. */
  scratch: string
  env?: Record<string, string> | undefined
}

/** Runs evaluators as eval-protocol does, without a `node` in the PATH. Gives rows and outcomes by the name of the test. */
export async function pytest(
  options: PytestOptions,
): Promise<{ rows: Map<string, Scored[]>; outcomes: Record<string, string>; printed: string }> {
  const { python, tests, scratch, env } = options
  await mkdir(scratch, { recursive: true })
  const args = ['-m', 'pytest', '-p', 'no:cacheprovider', '--rootdir', scratch, '-vsrA', ...tests]
  const printed = await promisify(execFile)(python, args, {
    cwd: scratch,
    maxBuffer: 64e6,
    env: {
      PATH: '/usr/bin:/bin',
      HOME: scratch,
      // Read by a plugin of pytest, before any file of an evaluator.
      LITELLM_LOCAL_MODEL_COST_MAP: 'True',
      EP_NO_UPLOAD: '1',
      EP_DISABLE_AUTO_BROWSER: '1',
      EP_OUTPUT_DIR: join(scratch, 'out'),
      EP_MAX_RETRY: '0',
      EP_FAIL_ON_MAX_RETRY: 'false',
      ...env,
    },
  }).then(
    ({ stdout, stderr }) => stdout + stderr,
    // A test that failed is told below.
    (error: { stdout: string; stderr: string }) => error.stdout + error.stderr,
  )
  const summary = [...printed.matchAll(/^(PASSED|FAILED|ERROR) .*::(\w+)/gm)]
  const outcomes = Object.fromEntries(summary.map(([, outcome = '', name = '']) => [name, outcome]))
  return { rows: await readRows(join(scratch, 'out', 'experiment_results')), outcomes, printed }
}

async function readRows(folder: string): Promise<Map<string, Scored[]>> {
  const rows = new Map<string, Scored[]>()
  for (const file of await readdir(folder).catch(() => [])) {
    for (const line of (await readFile(join(folder, file), 'utf8')).split('\n').filter(Boolean)) {
      const { eval_metadata, evaluation_result, messages }: StoredRow = JSON.parse(line)
      const { score, is_score_valid: isValid, reason } = evaluation_result
      const of = rows.get(eval_metadata.name) ?? []
      rows.set(eval_metadata.name, [...of, { messages, score, isValid, reason }])
    }
  }
  return rows
}
