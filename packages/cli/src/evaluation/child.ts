import { spawn } from 'node:child_process'

export interface ChildOptions {
  cwd?: string | undefined
  env?: NodeJS.ProcessEnv | undefined
  signal: AbortSignal
  /** Milliseconds after which it is ended, with all that it has started. */
  timeoutMs?: number | undefined
  /** Gets what it prints as it comes. */
  onText?: ((text: string) => void) | undefined
  /** Has a shell read the command: it is a line of a user. */
  shell?: boolean | undefined
}

export interface Ended {
  /** `undefined` where the program is not there, or a signal ended it. */
  readonly code: number | undefined
  /** What it printed, on both streams. */
  readonly text: string
  readonly isMissing: boolean
  readonly timedOut: boolean
}

const isPosix = process.platform !== 'win32'

/** Runs a program to its end. Never throws: that it is not there, or failed, is a result. */
export function runChild(command: string, args: readonly string[], options: ChildOptions): Promise<Ended> {
  const { cwd, env, signal, timeoutMs, onText, shell } = options
  return new Promise((resolve) => {
    // In a process group of its own, which is ended as a whole.
    const child = spawn(command, args, {
      cwd,
      env,
      shell,
      detached: isPosix,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let text = ''
    let timedOut = false
    const end = (): void => {
      if (child.pid === undefined) return
      try {
        if (isPosix) process.kill(-child.pid, 'SIGKILL')
        else child.kill()
      } catch {
        // It has ended by itself.
      }
    }
    const timer =
      timeoutMs === undefined
        ? undefined
        : setTimeout(() => {
            timedOut = true
            end()
          }, timeoutMs)
    const done = (code: number | undefined, isMissing: boolean): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      process.off('exit', end)
      resolve({ code, text, isMissing, timedOut })
    }
    signal.addEventListener('abort', end, { once: true })
    // The second Ctrl-C ends this process without waiting.
    process.once('exit', end)
    if (signal.aborted) end()
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (piece: string) => {
        text += piece
        onText?.(piece)
      })
    }
    child.on('error', () => done(undefined, true))
    child.on('close', (code) => done(code ?? undefined, false))
  })
}
