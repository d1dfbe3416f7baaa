import { spawn } from 'node:child_process'

export interface Ran {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/**
 * The environment without the variables of `pnpm run`, which would configure the package managers under test, and
 * without those of Vitest, in which a plugin uploads nothing.
 */
function ownEnv(): NodeJS.ProcessEnv {
  const isOurs = (name: string) =>
    /^((npm|pnpm)_|VITEST|NODE_ENV$)/i.test(name) && name.toLowerCase() !== 'npm_config_registry'
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !isOurs(name)))
}

/** Runs a command to its end, with any exit code. If it takes too long, kills it with all its children. */
export function run(
  command: readonly string[],
  cwd: string,
  env: Record<string, string> = {},
  timeoutMs = 90_000,
): Promise<Ran> {
  const [name = '', ...args] = command
  const isGroup = process.platform !== 'win32'
  const child = spawn(name, args, {
    cwd,
    // Otherwise npm asks the registry for a newer npm.
    env: { ...ownEnv(), NO_COLOR: '1', FORCE_COLOR: '0', npm_config_update_notifier: 'false', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: isGroup,
    // On Windows pnpm is a script, which needs a shell. Everything else runs without one, which would split at spaces.
    shell: !isGroup && name === 'pnpm',
  })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk) => (stdout += chunk))
  child.stderr.on('data', (chunk) => (stderr += chunk))
  const kill = () => (isGroup && child.pid ? process.kill(-child.pid, 'SIGKILL') : child.kill('SIGKILL'))
  const timer = setTimeout(() => {
    stderr += `\nkilled after ${timeoutMs} ms`
    kill()
  }, timeoutMs)
  return new Promise((resolve, reject) => {
    child.on('error', (error) => {
      clearTimeout(timer)
      reject(error)
    })
    child.on('close', (code) => {
      clearTimeout(timer)
      resolve({ code, stdout, stderr })
    })
  })
}

/** @throws with the whole output if the exit code is not 0 */
export async function runGood(...args: Parameters<typeof run>): Promise<string> {
  const { code, stdout, stderr } = await run(...args)
  if (code !== 0) throw new Error(`${args[0].join(' ')} ended with ${code}\n${stdout}\n${stderr}`)
  return stdout
}
