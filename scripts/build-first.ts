/**
 * Vitest's global setup: builds the package under test and its dependencies, before its tests start the built files. So
 * `pnpm --filter <package> test` tests the present code, also in a fresh clone. If nothing has changed, turbo's cache
 * needs half a second. If turbo runs the tests, it has built everything already.
 */
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { readFile, rm } from 'node:fs/promises'
import { connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const root = join(import.meta.dirname, '..')

export async function setup(): Promise<void> {
  if (process.env.TURBO_HASH) return
  const { name }: { name: string } = JSON.parse(await readFile('package.json', 'utf8'))
  const unlock = await lock()
  try {
    await build(name)
  } finally {
    unlock()
  }
}

async function build(name: string): Promise<void> {
  const turbo = join(root, 'node_modules/turbo/bin/turbo')
  const args = ['run', 'build', `--filter=${name}...`, '--output-logs=errors-only', '--log-order=grouped']
  const env = { ...process.env, TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1' }
  try {
    await promisify(execFile)(process.execPath, [turbo, ...args], { cwd: root, env, maxBuffer: 2 ** 26 })
  } catch (error) {
    // The output says more than the error, which would repeat it.
    if (error instanceof Error && 'stdout' in error && error.stdout)
      throw new Error(`what ${name} needs could not be built:\n${error.stdout}`)
    throw error
  }
}

/**
 * Waits until no other test run of this workspace builds. `pnpm --filter './packages/*' test` starts several at once,
 * and one would read files that another is writing. The lock is a socket and not a file, because it ends with its
 * process.
 */
async function lock(): Promise<() => void> {
  const id = createHash('sha256').update(root).digest('hex').slice(0, 16)
  const path = process.platform === 'win32' ? `\\\\.\\pipe\\fw-build-${id}` : join(tmpdir(), `fw-build-${id}`)
  for (;;) {
    const waiting = new Set<Socket>()
    const server = createServer((socket) => waiting.add(socket.on('error', () => {})))
    try {
      await once(server.listen(path), 'listening')
      return () => {
        server.close()
        for (const socket of waiting) socket.destroy()
      }
    } catch {
      // Closed when the other run has finished its build; refused if it died and left the name.
      await once(connect(path).resume(), 'close').catch(() => rm(path, { force: true }))
    }
  }
}
