/**
 * Checks that a second `pnpm test` runs nothing: after a successful one, every task must come from the cache. This
 * finds tasks that write into their own inputs, or read files that they do not declare.
 */
import { execFileSync } from 'node:child_process'
import { checks } from './checks.ts'

interface Task {
  taskId: string
  command: string
  cache: { status: 'HIT' | 'MISS' }
}

const printed = execFileSync('turbo', ['run', ...checks, '--dry=json'], {
  encoding: 'utf8',
  env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1' },
  maxBuffer: 2 ** 26,
  shell: process.platform === 'win32',
  stdio: ['ignore', 'pipe', 'inherit'],
})
const { tasks }: { tasks: Task[] } = JSON.parse(printed)
const real = tasks.filter(({ command }) => command !== '<NONEXISTENT>')
const missed = real.filter(({ cache }) => cache.status === 'MISS')
for (const { taskId } of missed) console.log(`not in the cache: ${taskId}`)
console.log(`${real.length - missed.length} of ${real.length} tasks are in the cache`)
process.exitCode = missed.length === 0 ? 0 : 1
