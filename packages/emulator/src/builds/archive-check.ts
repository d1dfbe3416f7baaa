import { posix } from 'node:path'
import type { Readable } from 'node:stream'
import type { ReadEntry } from 'tar'
import { readTar } from './read-tar.ts'

/** Only files up to this size are searched for markers and names. */
const readableBytes = 1024 * 1024

/** The content of an archive that passed all checks. */
export interface CheckedArchive {
  /** Its one top folder. */
  top: string
  /** Relative to the top folder. */
  files: string[]
  /** Text of the files that a build reads (Python, requirements.txt) or that may hold a marker, by path. */
  texts: Map<string, string>
}

/** The archive is not one that can be built. The message names the entry. */
export class ArchiveFault extends Error {
  override readonly name = 'ArchiveFault'
}

/**
 * Reads a `.tar.gz` and checks what the service expects: gzip, tar, one top folder, safe paths, no link that leads
 * out of it, and a requirements.txt at its root.
 * @throws {ArchiveFault}
 */
export async function checkArchive(archive: Readable): Promise<CheckedArchive> {
  const entries: { path: string; type: string; linkpath: string | undefined }[] = []
  const texts = new Map<string, string>()
  try {
    await readTar(archive, (entry) => {
      const { path, type, linkpath } = entry
      entries.push({ path, type, linkpath })
      if (isFile(type) && entry.size <= readableBytes) collect(entry, (text) => texts.set(path, text))
      else entry.resume()
    })
  } catch (error) {
    throw new ArchiveFault(
      `the archive can't be read: ${error instanceof Error ? error.message : String(error)}`,
    )
  }
  if (entries.length === 0) throw new ArchiveFault('the archive is empty')
  for (const { path } of entries) checkPath(path)
  const top = oneTopFolder(entries.map(({ path }) => path))
  for (const entry of entries) checkType(entry, top)
  const inside = (path: string): string => path.slice(top.length + 1)
  const files = entries.filter(({ type }) => isFile(type)).map(({ path }) => inside(path))
  if (!files.includes('requirements.txt')) {
    throw new ArchiveFault(`there is no requirements.txt at the root of ${top}/`)
  }
  return { top, files, texts: new Map([...texts].map(([path, text]) => [inside(path), text])) }
}

function isFile(type: string): boolean {
  return type === 'File' || type === 'OldFile' || type === 'ContiguousFile'
}

function collect(entry: ReadEntry, done: (text: string) => void): void {
  const chunks: Buffer[] = []
  entry.on('data', (chunk) => chunks.push(chunk))
  entry.on('end', () => done(Buffer.concat(chunks).toString('utf8')))
}

function checkPath(path: string): void {
  const segments = path.replace(/\/$/, '').split('/')
  const unsafe = segments.some((segment) => segment === '' || segment === '..' || segment === '.')
  if (unsafe || /[\\\0]/.test(path) || /^[A-Za-z]:/.test(path)) {
    throw new ArchiveFault(`the path ${JSON.stringify(path)} is not safe to unpack`)
  }
}

function oneTopFolder(paths: readonly string[]): string {
  const tops = new Set(paths.map((path) => path.split('/')[0] ?? ''))
  const [top = ''] = tops
  if (tops.size > 1) {
    const named = [...tops].slice(0, 3).join(', ')
    throw new ArchiveFault(`the archive must have one top folder, but it has ${tops.size}: ${named}`)
  }
  if (paths.some((path) => path === top)) throw new ArchiveFault(`${top} is not a folder`)
  return top
}

function checkType(
  { path, type, linkpath }: { path: string; type: string; linkpath: string | undefined },
  top: string,
): void {
  if (isFile(type) || type === 'Directory' || type === 'GNUDumpDir') return
  if (type !== 'SymbolicLink' && type !== 'Link')
    throw new ArchiveFault(`${path} is not a file, folder or link (${type})`)
  const from = type === 'Link' ? '' : posix.dirname(path)
  const target = posix.normalize(posix.join(from, linkpath ?? ''))
  if (linkpath?.startsWith('/') || !(target === top || target.startsWith(`${top}/`))) {
    throw new ArchiveFault(`${path} is a link that leads out of ${top}/`)
  }
}
