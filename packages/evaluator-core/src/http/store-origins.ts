import { readFileSync } from 'node:fs'
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { isSafeOrigin } from '../config/config.ts'
import { parseRecord } from '../json.ts'

/**
 * Which origin the service's store had the last time, by base URL. It is told only in the middle of an upload, and
 * a handshake then costs two round trips (100 ms of 300 at 25 ms each way, for an evaluator that is unchanged).
 * Known before, the connection is opened beside the first question. Only a connection: nothing is sent on it before
 * the service has named the same origin again. A missing, broken or unwritable file costs those two round trips.
 */
export interface StoreOrigins {
  recall(baseUrl: string): Promise<string | undefined>
  remember(baseUrl: string, signedUrl: string): Promise<void>
}

export function storeOrigins(file: string = defaultFile()): StoreOrigins {
  return {
    async recall(baseUrl) {
      const origin = read(file)[baseUrl]
      return typeof origin === 'string' && URL.canParse(origin) && isSafeOrigin(new URL(origin))
        ? origin
        : undefined
    },
    async remember(baseUrl, signedUrl) {
      const known = read(file)
      const { origin } = new URL(signedUrl)
      if (known[baseUrl] === origin) return
      // node:crypto takes 4 ms to load, which the import of core need not wait for.
      const { randomUUID } = await import('node:crypto')
      // Renamed into place, so that two builds at once do not leave half a file.
      const partial = `${file}.${randomUUID()}`
      try {
        await mkdir(dirname(file), { recursive: true, mode: 0o700 })
        await writeFile(partial, JSON.stringify({ ...known, [baseUrl]: origin }), { mode: 0o600 })
        await rename(partial, file)
      } catch {
        // Read-only homes are common in CI; it is only a hint.
      }
    },
  }
}

/** At once: the connection that it tells of waits for it. */
function read(file: string): Record<string, unknown> {
  try {
    return parseRecord(readFileSync(file, 'utf8')) ?? {}
  } catch {
    return {}
  }
}

function defaultFile(): string {
  const { XDG_CACHE_HOME, LOCALAPPDATA } = process.env
  const cache = XDG_CACHE_HOME || (process.platform === 'win32' && LOCALAPPDATA) || join(homedir(), '.cache')
  return join(cache, 'fw-evaluator', 'store-origins.json')
}
