import { once } from 'node:events'
import type { Emulator } from '@fw/evaluator-emulator'
import { Parser } from 'tar'

/** What the evaluator's archive holds, below its top folder: path → text. */
export async function archiveOf(emulator: Emulator, evaluatorId: string): Promise<Map<string, string>> {
  const [file] = emulator.evaluators.get(evaluatorId)?.files ?? []
  if (!file) throw new Error(`Nothing was uploaded for ${evaluatorId}`)
  const entries = new Map<string, string>()
  const parser = new Parser()
  parser.on('entry', (entry) => {
    const chunks: Buffer[] = []
    entry.on('data', (chunk: Buffer) => chunks.push(chunk))
    entry.on('end', () => {
      if (entry.type === 'File')
        entries.set(entry.path.replace(/^[^/]+\//, ''), Buffer.concat(chunks).toString())
    })
  })
  const ended = once(parser, 'end')
  parser.end(await file.bytes())
  await ended
  return entries
}
