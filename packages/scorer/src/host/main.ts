/**
 * The host of a scorer. `node host.mjs <scorer.js> <timeoutMs>` reads one row per line, `{"id": 1, "row": …}`, and
 * writes one answer per line, in any order: `{"id": 1, "result": …}`. It ends with its stdin. The scorer runs in a
 * child process, so that every row gets an answer, whatever the scorer does.
 */
import { fileURLToPath } from 'node:url'
import { createSupervisor, forkWorker, type Limits } from './supervisor.ts'
import { runWorker } from './worker.ts'

const [first = '', second = ''] = process.argv.slice(2)
if (first === '--worker') await runWorker(second)
else superviseLines(first, Number(second))

function limitsOf(timeoutMs: number): Limits {
  // An endless loop holds up all other rows. With the default of a minute, four of them take two minutes.
  return { rowMs: timeoutMs, busyMs: Math.max(1000, timeoutMs / 2), lostMs: Math.max(120_000, 2 * timeoutMs) }
}

function superviseLines(scorer: string, timeoutMs: number): void {
  const host = fileURLToPath(import.meta.url)
  const supervisor = createSupervisor(
    () => forkWorker(host, scorer),
    limitsOf(timeoutMs),
    (id, result) => process.stdout.write(`{"id":${id},"result":${result}}\n`),
  )
  const close = async () => {
    await supervisor.close()
    process.exit()
  }
  process.stdout.on('error', close)
  // Not by node:readline: for it U+2028 ends a line too, and JSON may have that in a text.
  let rest = ''
  process.stdin.setEncoding('utf8')
  process.stdin.on('data', (text: string) => {
    rest += text
    if (!text.includes('\n')) return
    const lines = rest.split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      const { id, row }: { id: number; row: unknown } = JSON.parse(line)
      supervisor.score(id, row)
    }
  })
  process.stdin.on('end', close)
}
