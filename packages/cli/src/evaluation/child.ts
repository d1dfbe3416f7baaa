import { spawn } from 'node:child_process'

export interface ChildOptions {
  cwd?: string | undefined
  env?: NodeJS.ProcessEnv | undefined
  signal: AbortSignal
  /** Milliseconds until it is ended, with all processes that it has started. */
  timeoutMs?: number | undefined
  /** Called with its output, piece by piece. */
  onText?: ((text: string) => void) | undefined
  /** Runs the command in a shell, because a user wrote it as one line. */
  shell?: boolean | undefined
}

export interface Ended {
  /** `undefined` if the program does not exist, or a signal ended it. */
  readonly code: number | undefined
  /** Its output, of both streams. */
  readonly text: string
  readonly isMissing: boolean
  readonly timedOut: boolean
}

const isPosix = process.platform !== 'win32'

/** Runs a program to its end. Never throws: a missing program and a failure are results. */
export function runChild(command: string, args: readonly string[], options: ChildOptions): Promise<Ended> {
  const { cwd, env, signal, timeoutMs, onText, shell } = options
  return new Promise((resolve) => {
    // In its own process group, so that it can be ended as a whole.
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
