import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

const BIN = fileURLToPath(new URL('node_modules/@fw/evaluator-cli/dist/cli.js', import.meta.url))

/** Folders of evaluators, and processes that upload them. */
export interface Fleet extends AsyncDisposable {
  /** Sorted. */
  readonly ids: readonly string[]
  folder(id: string): string
  /** Changes a file of each, so that each has something to upload. */
  rewrite(text: string): Promise<void>
  /** Starts `fw-evaluator upload` for all of them, or for a shard such as `1/8`. */
  upload(shard?: string): Upload
  /** Names of files that processes left in the temporary folder. */
  temporaries(): Promise<string[]>
}

export interface Upload {
  readonly child: ChildProcess
  readonly ended: Promise<Ended>
}

export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

/** Text that is different in each evaluator's archive. */
export const markOf = (id: string): string => `score of ${id}`

/**
 * @param env the variables of a process, in addition to PATH and its own home
 * @param options those of each evaluator, as in a config
 */
export async function makeFleet(
  count: number,
  env: Readonly<Record<string, string>>,
  options: object = {},
): Promise<Fleet> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'fw-fleet-')))
  const ids = Array.from({ length: count }, (_, index) => `evaluator-${String(index + 1).padStart(3, '0')}`)
  const folder = (id: string): string => join(root, 'evaluators', id)
  const temporary = join(root, 'tmp')
  await mkdir(temporary)
  for (const id of ids) {
    await mkdir(folder(id), { recursive: true })
    await writeFile(join(folder(id), 'requirements.txt'), 'eval-protocol\n')
    const python = `@evaluation_test()\ndef test_scorer(row):\n    return row  # ${markOf(id)}\n`
    await writeFile(join(folder(id), 'test_scorer.py'), python)
  }
  const config = join(root, 'fw-evaluators.json')
  await writeFile(
    config,
    JSON.stringify(ids.map((id) => ({ evaluatorId: id, source: folder(id), ...options }))),
  )
  const children = new Set<ChildProcess>()
  return {
    ids,
    folder,
    async rewrite(text) {
      for (const id of ids) await writeFile(join(folder(id), 'round.txt'), text)
    },
    upload(shard) {
      const args = ['upload', '--config', config, '--json', ...(shard ? ['--shard', shard] : [])]
      const child = spawn(process.execPath, [BIN, ...args], {
        cwd: root,
        env: { PATH: process.env.PATH, HOME: root, USERPROFILE: root, TMPDIR: temporary, ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      children.add(child)
      const ended = async (): Promise<Ended> => {
        const [, stdout, stderr] = await Promise.all([
          once(child, 'exit'),
          text(child.stdout),
          text(child.stderr),
        ])
        return { code: child.exitCode, signal: child.signalCode, stdout, stderr }
      }
      return { child, ended: ended() }
    },
    temporaries: () => readdir(temporary),
    async [Symbol.asyncDispose]() {
      for (const child of children) child.kill('SIGKILL')
      await rm(root, { recursive: true, force: true })
    },
  }
}
