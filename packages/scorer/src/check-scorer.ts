import { fileURLToPath } from 'node:url'
import { forkWorker } from './host/supervisor.ts'

/** The host as it goes into archives. */
export const HOST_PATH: URL = new URL('./archive/host.mjs', import.meta.url)

const DEFAULT_TIMEOUT_MS = 30_000

/**
 * Loads a built scorer as an evaluation does, in a process of its own, and scores nothing.
 *
 * @param file Path of the built scorer, in a folder that is laid out as the archive.
 * @param timeoutMs Milliseconds that it may take. @default 30000
 * @throws Error with the reason where it can't be loaded, as it throws, or imports what is not there, or where its
 * default export is no function.
 */
export function checkScorer(file: string, timeoutMs: number = DEFAULT_TIMEOUT_MS): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = forkWorker(fileURLToPath(HOST_PATH), file)
    const timer = setTimeout(() => end(`it did not come to an end within ${timeoutMs} ms`), timeoutMs)
    const end = (reason?: string) => {
      clearTimeout(timer)
      worker.kill('SIGKILL')
      if (reason === undefined) resolve()
      else reject(new Error(reason))
    }
    worker.on('message', (message: { type: string; reason?: string }) => {
      if (message.type === 'loaded' || message.type === 'broken') end(message.reason)
    })
    worker.on('error', (error) => end(error.message))
    worker.on('exit', (code, signal) => end(`its process ended with ${signal ?? code}`))
  })
}
