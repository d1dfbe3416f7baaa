import { createHash } from 'node:crypto'
import { createDeflateRaw } from 'node:zlib'
import type { Archive } from '@fw/evaluator-core'
import { Parser, type ReadEntry } from 'tar'
import { plainPath } from '../archive/entry-names.ts'
import { pumpTar } from '../archive/tar-stream.ts'
import type { ReportFile } from './report-data.ts'

/** As the archive itself is compressed. */
const LEVEL = 6
/** Hex digits of a digest. Few, because the page has thousands of them. */
const DIGEST_LENGTH = 16

/**
 * Measures each file, and its size when it is compressed alone: in the archive all files share one stream.
 * @param top the top folder of the archive; the paths are relative to it
 */
export async function measureArchive(
  body: Archive['body'],
  { top, signal }: { top?: string | undefined; signal: AbortSignal },
): Promise<ReportFile[]> {
  const files: ReportFile[] = []
  const cut = top === undefined ? 0 : top.length + 1
  const measuring: Promise<void>[] = []
  const parser = new Parser({
    strict: true,
    onReadEntry(entry) {
      if (entry.type !== 'File' && entry.type !== 'OldFile') return entry.resume()
      const path = plainPath(entry.path).slice(cut)
      measuring.push(measure(entry).then((measured) => void files.push([path, entry.size, ...measured])))
    },
  })
  await pumpTar(body, parser, { signal })
  await Promise.all(measuring)
  return files.sort(([a], [b]) => (a < b ? -1 : 1))
}

function measure(entry: ReadEntry): Promise<[compressed: number, digest: string]> {
  const deflate = createDeflateRaw({ level: LEVEL })
  const hash = createHash('sha256')
  let compressed = 0
  return new Promise((resolve, reject) => {
    deflate.on('data', (piece: Uint8Array) => {
      compressed += piece.length
    })
    deflate.on('end', () => resolve([compressed, hash.digest('hex').slice(0, DIGEST_LENGTH)]))
    deflate.on('error', reject)
    entry.on('data', (piece: Uint8Array) => {
      hash.update(piece)
      if (deflate.write(piece)) return
      entry.pause()
      deflate.once('drain', () => entry.resume())
    })
    entry.on('end', () => deflate.end())
    entry.on('error', reject)
  })
}
