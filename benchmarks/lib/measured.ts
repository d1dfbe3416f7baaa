import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import type { Context } from './context.ts'

/** A whole process, with all that it started and waited for. */
export interface Measured {
  readonly wallMs: number
  /** User and system time. `NaN` where Python is missing. */
  readonly cpuMs: number
  /** The largest of its processes. `NaN` where Python is missing. */
  readonly rssMb: number
  readonly stdout: string
}

export interface Command {
  readonly argv: readonly [string, ...string[]]
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  /** @default 0 */
  readonly exitCode?: number
}

/** Whatever takes longer hangs: packing 4 GB, the longest of all, takes half a minute. */
const MAX_RUN_MS = 10 * 60_000
const HELPER = fileURLToPath(new URL('../programs/measure.py', import.meta.url))

/**
 * Runs a command and measures it with wait4, which Node has no way to: by a small Python process in between, since a
 * child's peak RSS begins with that of the process which spawned it.
 * @throws Error when the exit code is another than expected
 */
export async function measured(
  { tools, dir }: Pick<Context, 'tools' | 'dir'>,
  { argv, cwd, env, exitCode = 0 }: Command,
): Promise<Measured> {
  const [program, ...args] = tools.python ? ([tools.python.path, HELPER, ...argv] as const) : argv
  const began = performance.now()
  const child = spawn(program, args, {
    cwd,
    env: { ...process.env, ...env, HOME: dir, XDG_CACHE_HOME: dir },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    timeout: MAX_RUN_MS,
  })
  const usage = child.stdio[3]
  const [stdout, stderr, report, code] = await Promise.all([
    child.stdout ? text(child.stdout) : '',
    child.stderr ? text(child.stderr) : '',
    usage && 'read' in usage ? text(usage) : '',
    new Promise<number | null>((resolve, reject) => child.once('error', reject).once('exit', resolve)),
  ])
  const wallMs = performance.now() - began
  if (code !== exitCode) throw new Error(`${argv.join(' ')} ended with ${code}:\n${stdout}${stderr}`)
  if (!report) return { wallMs, cpuMs: Number.NaN, rssMb: Number.NaN, stdout }
  const measured: Omit<Measured, 'stdout'> = JSON.parse(report)
  return { ...measured, stdout }
}
