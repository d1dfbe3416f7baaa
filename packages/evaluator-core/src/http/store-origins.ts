import { readFileSync, statSync } from 'node:fs'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, isAbsolute, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { isSafeStore } from '../config/config.ts'
import { homeFolder } from '../home.ts'
import { parseRecord } from '../json.ts'

/**
 * Which origin the service's store had the last time, by base URL. It is told only in the middle of an upload, and
 * a handshake then costs two round trips (100 ms of 300 at 25 ms each way, for an evaluator that is unchanged).
 * Known before, the connection is opened beside the first question. Only a connection: nothing is sent on it before
 * the service has named the same origin again. A missing, broken or unwritable file costs those two round trips.
 */
export interface StoreOrigins {
  recall(baseUrl: string): string | undefined
  /** Writes it down, when all else is done. Never fails, and gives up after a quarter of a second. */
  remember(baseUrl: string, signedUrl: string): Promise<void>
}

const MAX_WRITE_MS = 250
const MAX_BYTES = 64 * 1024

/** @param file where it is kept; `undefined` keeps nothing */
export function storeOrigins(file: string | undefined = defaultFile()): StoreOrigins {
  return {
    recall(baseUrl) {
      const origin = file && read(file)[baseUrl]
      return typeof origin === 'string' && URL.canParse(origin) && isSafeStore(new URL(origin), baseUrl)
        ? origin
        : undefined
    },
    async remember(baseUrl, signedUrl) {
      if (!file) return
      const known = read(file)
      const { origin } = new URL(signedUrl)
      if (known[baseUrl] === origin) return
      const writing = write(file, JSON.stringify({ ...known, [baseUrl]: origin })).catch(() => {
        // Read-only homes are common in CI; it is only a hint.
      })
      await Promise.race([writing, sleep(MAX_WRITE_MS, undefined, { ref: false })])
    },
  }
}

/** Renamed into place, so that two builds at once do not leave half a file. */
async function write(file: string, text: string): Promise<void> {
  // node:crypto takes 4 ms to load, which the import of core need not wait for.
  const { randomUUID } = await import('node:crypto')
  const partial = `${file}.${randomUUID()}`
  const folder = dirname(file)
  // Two folders at most, and not `recursive`, with which Node never comes back from where nothing can be made (/proc).
  const make = (dir: string) => mkdir(dir, { mode: 0o700 }).catch(() => {})
  await make(dirname(folder))
  await make(folder)
  await writeFile(partial, text, { mode: 0o600 })
  await rename(partial, file).catch(() => rm(partial, { force: true }))
}

/** At once: the connection that it tells of waits for it. Only a small file, since a pipe would never end. */
function read(file: string): Record<string, unknown> {
  try {
    const stats = statSync(file)
    return (stats.isFile() && stats.size <= MAX_BYTES && parseRecord(readFileSync(file, 'utf8'))) || {}
  } catch {
    return {}
  }
}

/** A relative XDG_CACHE_HOME is to be ignored, says its specification: it would be another folder for each caller. */
function defaultFile(): string | undefined {
  const { XDG_CACHE_HOME, LOCALAPPDATA } = process.env
  const home = homeFolder()
  const candidates = [
    XDG_CACHE_HOME,
    process.platform === 'win32' ? LOCALAPPDATA : undefined,
    home && join(home, '.cache'),
  ]
  const cache = candidates.find((each) => each && isAbsolute(each))
  return cache && join(cache, 'fw-evaluator', 'store-origins.json')
}
