import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { forkWorker } from './host/supervisor.ts'

/** The host that goes into archives. */
export const HOST_PATH: URL = new URL('./archive/host.mjs', import.meta.url)

const DEFAULT_TIMEOUT_MS = 30_000

/**
 * Loads a built scorer in its own process, as an evaluation does. Scores nothing.
 *
 * @example
 * ```ts
 * await checkScorer('dist/score.js')
 * ```
 * @param file Path of the built scorer, in a folder with the layout of the archive.
 * @param options.dir Folder of the evaluator, which is the working directory of a scorer. @default the folder of `file`
 * @param options.timeoutMs Milliseconds until it fails. @default 30000
 * @throws Error with the reason: the scorer throws, an import is missing, or the default export is not a function.
 */
export function checkScorer(
  file: string,
  options: { dir?: string | undefined; timeoutMs?: number | undefined } = {},
): Promise<void> {
  const path = resolve(file)
  const { dir = dirname(path), timeoutMs = DEFAULT_TIMEOUT_MS } = options
  return new Promise((done, reject) => {
    const worker = forkWorker(fileURLToPath(HOST_PATH), path, dir)
    const timer = setTimeout(() => end(`it did not come to an end within ${timeoutMs} ms`), timeoutMs)
    const end = (reason?: string) => {
      clearTimeout(timer)
      worker.kill('SIGKILL')
      if (reason === undefined) done()
      else reject(new Error(reason))
    }
    worker.on('message', (message: { type: string; reason?: string }) => {
      if (message.type === 'loaded' || message.type === 'broken') end(message.reason)
    })
    worker.on('error', (error) => end(error.message))
    worker.on('exit', (code, signal) => end(`its process ended with ${signal ?? code}`))
  })
}
