import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { Parser, type ReadEntry } from 'tar'
import type { UploadedFile } from '../state/evaluator-view.ts'
import type { ArchiveContent } from './messages.ts'

/** Lists an uploaded archive; of one that is broken, what comes before the break. */
export async function archiveContent({ name, size, md5, bytes }: UploadedFile): Promise<ArchiveContent> {
  const entries: ArchiveContent['entries'] = []
  const onReadEntry = (entry: ReadEntry): void => {
    entries.push({ path: entry.path, size: entry.size, type: entry.type })
    entry.resume()
  }
  const parser = new Parser({ strict: true, onReadEntry })
  parser.on('ignoredEntry', onReadEntry)
  try {
    const content = await bytes()
    await pipeline([content], createGunzip(), parser)
    return { name, size, md5, entries, problem: undefined }
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error)
    return { name, size, md5, entries, problem }
  }
}
