import { Header } from 'tar/header'
import { Pax } from 'tar/pax'
import { MAX_HOLD_MS } from '../pace.ts'
import { openEntry, type SourceEntry } from '../source/read-entry.ts'

/** Everything in a tar file is padded to this. */
const RECORD_BYTES = 512
/**
 * As in npm's packages. Not 0: some versions of GNU tar warn of it, and zip files, thus Python
 * wheels, cannot be made from files older than 1980.
 */
const MTIME = new Date('1985-10-26T08:15:00Z')
/** Of whoever packs, and when, nothing goes in. One header of a kind, filled anew: to make each costs twice the time. */
const FILE = new Header({ type: 'File', uid: 0, gid: 0, mtime: MTIME })
const PAX = new Header({ type: 'ExtendedHeader', uid: 0, gid: 0, mtime: MTIME })
/** A longer name would be split, or told in a PAX record of its own. */
const MAX_NAME_BYTES = 99

/** Two empty records end an archive. */
const END = Buffer.alloc(2 * RECORD_BYTES)
/** What is yielded instead of a block so that the event loop may run. */
const PAUSE = Buffer.alloc(0)

interface Fields {
  path: string
  size: number
  mode: number
}

/** Hears what goes into the archive. */
export interface TarWatcher {
  /** A piece of the content of the file at `path`. The bytes are valid during the call only. */
  piece(path: string, bytes: Uint8Array): void
  endOfFile(path: string, size: number): void
}

/**
 * The tar stream of `entries` below the folder `top`, cut into the blocks that `takeBlock` gives, each filled to its
 * end but the last. Files are read as the blocks are asked for, straight into them and synchronously: for small files
 * that takes a seventh of the time that promises take (10,000 files of 5 kB in the page cache, eight reads at once;
 * from a cold disk the same), and leaves libuv's threads to those that deflate. An empty
 * block is yielded where the event loop has been held for long. Ending the generator early closes what is open.
 */
export function* tarBlocks(
  top: string,
  entries: readonly SourceEntry[],
  takeBlock: () => Buffer,
  watcher: TarWatcher,
): Generator<Buffer, void> {
  let block = takeBlock()
  let filled = 0
  let resumed = performance.now()
  const header = Buffer.alloc(RECORD_BYTES)

  function* put(bytes: Uint8Array): Generator<Buffer, void> {
    for (let at = 0; at < bytes.length; ) {
      const part = bytes.subarray(at, at + block.length - filled)
      block.set(part, filled)
      at += part.length
      yield* advance(part.length)
    }
  }

  function* advance(bytes: number): Generator<Buffer, void> {
    filled += bytes
    if (filled === block.length) {
      yield block
      block = takeBlock()
      filled = 0
    }
    // Not reset by a block: whoever takes it may ask for the next one at once.
    if (performance.now() - resumed < MAX_HOLD_MS) return
    yield PAUSE
    resumed = performance.now()
  }

  for (const entry of entries) {
    const file = openEntry(entry)
    try {
      // It is copied at once: a header never reaches over the end of a block.
      yield* put(tarHeader(`${top}/${entry.path}`, file.size, file.isExecutable, header))
      for (let left = file.size; left > 0; ) {
        const bytes = file.read(block.subarray(filled, filled + left))
        watcher.piece(entry.path, block.subarray(filled, filled + bytes))
        left -= bytes
        yield* advance(bytes)
      }
      file.checkUnchanged()
    } finally {
      file.close()
    }
    watcher.endOfFile(entry.path, file.size)
    yield* put(END.subarray(0, tarPadding(file.size)))
  }
  yield* put(END)
  if (filled > 0) yield block.subarray(0, filled)
}

/** How many zero bytes follow content of `size` bytes. */
function tarPadding(size: number): number {
  return (RECORD_BYTES - (size % RECORD_BYTES)) % RECORD_BYTES
}

/**
 * The header of a file, with a PAX header before it where the path is not ASCII or too long, or the size is over 8 GiB.
 * These bytes decide whether an evaluator is unchanged. So the package that makes them is bundled, with a test of
 * bytes, and nothing of the file but its size and the owner's right to execute it goes in.
 * @param block filled with it, and returned where it is all
 */
export function tarHeader(
  path: string,
  size: number,
  isExecutable: boolean,
  block: Buffer = Buffer.alloc(RECORD_BYTES),
): Buffer {
  const mode = isExecutable ? 0o755 : 0o644
  const needsPax = encode(FILE, { path, size, mode }, block)
  if (!needsPax) return block
  const name = asciiTail(path)
  const pax = Buffer.alloc(RECORD_BYTES)
  const body = Buffer.from(new Pax({ path, size }).encodeBody())
  encode(PAX, { path: `PaxHeader/${name}`, size: body.length, mode: 0o644 }, pax)
  // Not the path: some readers put the part of it that fits into the prefix before that of the record.
  encode(FILE, { path: name, size, mode }, block)
  return Buffer.concat([pax, body, Buffer.alloc(tarPadding(body.length)), block])
}

/** Fills `block`; true where not all of the fields fit. */
function encode(header: Header, { path, size, mode }: Fields, block: Buffer): boolean {
  header.path = path
  header.size = size
  header.mode = mode
  return header.encode(block.fill(0))
}

/** A name for readers that know no PAX. */
function asciiTail(path: string): string {
  return path
    .slice(path.lastIndexOf('/') + 1)
    .replace(/[^ -~]/gu, '_')
    .slice('PaxHeader/'.length - MAX_NAME_BYTES)
}
