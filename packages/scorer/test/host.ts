import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { scorerFiles } from '@fw/evaluator-scorer'
import { onTestFinished } from 'vitest'

/** A folder as an archive is unpacked to: the scorer and the files beside it. Removed after the test. */
export async function archiveWith(scorer: string, others: Record<string, string> = {}): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'fw-scorer-'))
  onTestFinished(() => rm(dir, { recursive: true }))
  const { files } = scorerFiles({ evaluatorId: 'a', scorer: 'score.js', rows: 'rows.jsonl' })
  for (const [path, text] of Object.entries({ ...files, 'score.js': scorer, ...others })) {
    await writeFile(join(dir, path), text)
  }
  return dir
}

export interface Answer {
  score: number
  is_score_valid?: boolean
  reason?: string
}

/** Asks the host for the scores of `rows`, all at once, and gives them in the order of the rows. */
export async function scoresOf(
  scorer: string,
  rows: readonly unknown[],
  timeoutMs = 60_000,
): Promise<{ answers: Answer[]; stderr: string }> {
  const dir = await archiveWith(scorer)
  const host = spawn(process.execPath, ['scorer_host.mjs', 'score.js', String(timeoutMs)], { cwd: dir })
  let stderr = ''
  host.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const closed = once(host, 'close')
  rows.forEach((row, id) => {
    host.stdin.write(`${JSON.stringify({ id, row })}\n`)
  })
  const answers: Answer[] = []
  let count = 0
  for await (const line of linesOf(host.stdout)) {
    const { id, result }: { id: number; result: Answer } = JSON.parse(line)
    answers[id] = result
    if (++count === rows.length) break
  }
  host.stdin.end()
  await closed
  return { answers, stderr }
}

/** Not by node:readline: for it U+2028 ends a line too. */
async function* linesOf(stream: Readable): AsyncGenerator<string> {
  let rest = ''
  for await (const text of stream.setEncoding('utf8')) {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
}
