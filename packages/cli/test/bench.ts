import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Emulator, type EmulatorOptions, startEmulator } from '@fw/evaluator-emulator'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import { expect, onTestFinished } from 'vitest'

/** The program of the package's bin: the tests run what users run. */
export const BIN: string = fileURLToPath(new URL('../dist/cli.js', import.meta.url))
/** The key. Every output of every test is searched for it. */
const MARKER_KEY = 'fw_MARKERKEY_7f3a9c'

/** The smallest evaluator. */
export const SOURCE = {
  'test_scorer.py': '@evaluation_test()\ndef test_scorer(row):\n    return row\n',
  'requirements.txt': 'eval-protocol\n',
}

export interface Ended {
  code: number | null
  stdout: string
  stderr: string
}

export interface Document {
  command: string
  ok: boolean
  result?: unknown
  error?: { code: string; message: string; hint?: string }
}

export interface Running {
  readonly child: ChildProcess
  /** Resolves when the output so far matches. */
  printed(pattern: RegExp): Promise<RegExpExecArray>
  readonly ended: Promise<Ended>
}

interface RunOptions {
  cwd?: string
  env?: NodeJS.ProcessEnv
}

export interface Bench {
  readonly emulator: Emulator
  /** The working directory of every command, with the folder `src` in it. */
  readonly dir: string
  readonly env: NodeJS.ProcessEnv
  start(args: readonly string[], options?: RunOptions): Running
  run(args: readonly string[], options?: RunOptions): Promise<Ended>
  /** Runs with --json, and gives the one document on stdout, checked against output.schema.json. */
  json(
    args: readonly string[],
    options?: RunOptions,
  ): Promise<Document & { code: number | null; stderr: string }>
  write(files: Readonly<Record<string, string | Uint8Array>>): Promise<void>
  read(path: string): Promise<string>
  /** Names of the files in the temporary folder. */
  temporaries(): Promise<string[]>
}

let validate: ValidateFunction | undefined

async function schema(): Promise<ValidateFunction> {
  if (validate) return validate
  const text = await readFile(new URL('../output.schema.json', import.meta.url), 'utf8')
  validate = new Ajv2020({ allErrors: true, formats: { uri: true } }).compile(JSON.parse(text))
  return validate
}

/** An emulator, a folder and a home, removed at the end of the test. */
export async function bench(options: EmulatorOptions = {}): Promise<Bench> {
  const root = await mkdtemp(join(tmpdir(), 'fw-cli-'))
  const [dir, home, temporary] = ['work', 'home', 'tmp'].map((name) => join(root, name))
  if (!dir || !home || !temporary) throw new Error('unreachable')
  for (const path of [dir, home, temporary]) await mkdir(path)
  const emulator = await startEmulator({ buildMs: 5, apiKey: MARKER_KEY, ...options })
  onTestFinished(async () => {
    await emulator.close()
    await rm(root, { recursive: true, force: true })
  })
  const env: NodeJS.ProcessEnv = {
    PATH: process.env.PATH,
    HOME: home,
    USERPROFILE: home,
    TMPDIR: temporary,
    TERM: 'xterm-256color',
    ...emulator.env,
  }
  const write: Bench['write'] = async (files) => {
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(dir, path)), { recursive: true })
      await writeFile(join(dir, path), text)
    }
  }
  await write(Object.fromEntries(Object.entries(SOURCE).map(([path, text]) => [`src/${path}`, text])))
  const start: Bench['start'] = (args, { cwd = dir, env: more = {} } = {}) =>
    follow(spawn(process.execPath, [BIN, ...args], { cwd, env: { ...env, ...more }, stdio: 'pipe' }))
  const run: Bench['run'] = (args, options) => {
    const running = start(args, options)
    running.child.stdin?.end()
    return running.ended
  }
  return {
    emulator,
    dir,
    env,
    write,
    start,
    run,
    read: (path) => readFile(join(dir, path), 'utf8'),
    temporaries: () => readdir(temporary),
    async json(args, options) {
      const { code, stdout, stderr } = await run([...args, '--json'], options)
      const document: Document = JSON.parse(stdout)
      const isValid = await schema()
      expect(isValid(document), JSON.stringify([isValid.errors, document], null, 2)).toBe(true)
      expect(document.ok).toBe(code === 0)
      return { ...document, code, stderr }
    },
  }
}

function follow(child: ChildProcess): Running {
  let stdout = ''
  let stderr = ''
  const listeners = new Set<() => void>()
  const tell = (): void => {
    for (const listener of [...listeners]) listener()
  }
  child.stdout?.on('data', (data) => {
    stdout += data
    tell()
  })
  child.stderr?.on('data', (data) => {
    stderr += data
    tell()
  })
  const ended = once(child, 'close').then(([code]: unknown[]) => {
    expectNoSecrets(stdout, stderr)
    return { code: typeof code === 'number' ? code : null, stdout, stderr }
  })
  // A test that fails while the command runs must not leave it behind.
  onTestFinished(() => void child.kill('SIGKILL'))
  return {
    child,
    ended,
    printed: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = pattern.exec(stdout + stderr)
          if (!found) return
          listeners.delete(look)
          resolve(found)
        }
        listeners.add(look)
        look()
        child.once('close', () => reject(new Error(`It ended without ${pattern}:\n${stdout}${stderr}`)))
      }),
  }
}

/** The key of the bench, a signature (512 hex digits with RSA) or a signed query. */
export function expectNoSecrets(...texts: string[]): void {
  for (const text of texts) {
    expect(text).not.toContain(MARKER_KEY)
    expect(text).not.toMatch(/[0-9a-f]{128}/i)
    expect(text).not.toMatch(/X-Goog-(Signature|Credential)=(?!\[redacted\])/i)
  }
}

/** The requests of a command, from the emulator's log. */
export function steps(emulator: Emulator): (string | undefined)[] {
  return emulator.requests.map(({ step }) => step)
}
