import { closeSync, openSync, readSync } from 'node:fs'
import { basename } from 'node:path'
import { constants, gunzipSync } from 'node:zlib'

const GLANCE_BYTES = 256 * 1024
const RECORD_BYTES = 512

/**
 * Whether an upload left this archive in the source: ours by the form of its first header, that of the client for
 * Python by its one folder with a requirements.txt, which bears the name of the archive. Others may be data.
 */
export function isEvaluatorArchive(file: string): boolean {
  if (!/\.(tar\.gz|tgz)$/i.test(file)) return false
  const tar = glance(file)
  const names = tar && readNames(tar)
  const top = names?.[0]?.split('/')[0]
  if (tar === undefined || names === undefined || top === undefined) return false
  if (!names.every((name) => name === top || name.startsWith(`${top}/`))) return false
  // npm's packages have the same times; their folder is always called so.
  if (isOurs(tar)) return top !== 'package'
  const isSource = names.some((name) => ['PKG-INFO', 'package.json'].includes(name.slice(top.length + 1)))
  return (
    top === basename(file).replace(/\.(tar\.gz|tgz)$/i, '') &&
    names.includes(`${top}/requirements.txt`) &&
    !isSource
  )
}

/** The beginning of the tar stream; undefined where there is none. */
function glance(file: string): Buffer | undefined {
  let fd: number | undefined
  try {
    fd = openSync(file, 'r')
    const bytes = Buffer.alloc(GLANCE_BYTES)
    const length = readSync(fd, bytes, 0, GLANCE_BYTES, 0)
    // What is cut off in the middle is no error this way.
    const tar = gunzipSync(bytes.subarray(0, length), {
      finishFlush: constants.Z_SYNC_FLUSH,
      maxOutputLength: 64 * GLANCE_BYTES,
    })
    return tar.toString('latin1', 257, 262) === 'ustar' ? tar : undefined
  } catch {
    return undefined
  } finally {
    if (fd !== undefined) closeSync(fd)
  }
}

function readNames(tar: Buffer): string[] {
  const names: string[] = []
  for (let at = 0; at + RECORD_BYTES <= tar.length && tar[at] !== 0; ) {
    const text = (from: number, to: number): string =>
      tar.toString('latin1', at + from, at + to).replace(/\0.*$/s, '')
    const type = text(156, 157)
    const prefix = text(345, 500)
    if (type === '' || type === '0' || type === '5') {
      names.push(`${prefix && `${prefix}/`}${text(0, 100)}`.replace(/^\.\//, '').replace(/\/$/, ''))
    }
    const size = Number.parseInt(text(124, 136), 8) || 0
    at += RECORD_BYTES * (1 + Math.ceil(size / RECORD_BYTES))
  }
  return names.filter((name) => name !== '')
}

/** No owner, and the one time that all entries have: see tar-stream.ts. */
function isOurs(tar: Buffer): boolean {
  const number = (from: number, to: number): number => Number.parseInt(tar.toString('latin1', from, to), 8)
  return number(108, 115) === 0 && number(116, 123) === 0 && number(136, 147) === 499_162_500
}
