import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { Parser, type ReadEntry } from 'tar'

/**
 * Reads a `.tar.gz` to its end and hands over each entry, also those of a type that the parser skips. An entry's
 * content must be read, or skipped with `entry.resume()`.
 * @throws {Error} if it is not gzip or not tar, after the entries before the fault
 */
export async function readTar(
  archive: AsyncIterable<Uint8Array>,
  onEntry: (entry: ReadEntry) => void,
): Promise<void> {
  let isOver = false
  const parser = new Parser({ strict: true, onReadEntry: onEntry })
  parser.on('ignoredEntry', onEntry)
  parser.on('eof', () => {
    isOver = true
  })
  // Two blocks of zeros end a tar, and any padding may follow. The parser would keep all of it, and copy it with every
  // chunk, in time that grows with the square of the padding. It is still decompressed, for the checksum after it.
  const untilEnd = new Transform({
    transform: (chunk: Buffer, _, done) => done(null, isOver ? undefined : chunk),
  })
  await pipeline(archive, createGunzip(), untilEnd, parser)
}
