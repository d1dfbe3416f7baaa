import { onTestFinished } from 'vitest'
import { type Bench, BIN, expectNoSecrets } from './bench.ts'

/** The screen of a real pseudo-terminal, drawn by a terminal emulator. */
export interface Terminal {
  /** The lines on the screen and above it, without empty ones at the end. */
  lines(): Promise<string[]>
  /** Resolves when the screen matches. */
  shows(pattern: RegExp): Promise<void>
  type(text: string): void
  readonly ended: Promise<number>
  /** All bytes, with their escape sequences. */
  raw(): string
}

type Pty = typeof import('@lydell/node-pty')

/** Has a prebuilt binary for some platforms; `undefined` on others. */
export const pty: Pty | undefined = await import('@lydell/node-pty').catch(() => undefined)

interface Size {
  columns?: number
  rows?: number
  env?: NodeJS.ProcessEnv
}

export async function openTerminal(
  { dir, env }: Bench,
  args: readonly string[],
  { columns = 80, rows = 30, env: more = {} }: Size = {},
): Promise<Terminal> {
  if (!pty) throw new Error('There is no pseudo-terminal here.')
  const { default: xterm } = await import('@xterm/headless')
  const screen = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true, scrollback: 1000 })
  const child = pty.spawn(process.execPath, [BIN, ...args], {
    cols: columns,
    rows,
    cwd: dir,
    env: definedOnly({ ...env, ...more }),
    name: 'xterm-256color',
  })
  let raw = ''
  let written = Promise.resolve()
  const listeners = new Set<() => void>()
  child.onData((data) => {
    raw += data
    written = new Promise((resolve) =>
      screen.write(data, () => {
        resolve()
        for (const listener of [...listeners]) listener()
      }),
    )
  })
  const read = (): string[] => {
    const { active } = screen.buffer
    const lines = Array.from(
      { length: active.length },
      (_, at) => active.getLine(at)?.translateToString(true) ?? '',
    )
    while (lines.at(-1) === '') lines.pop()
    return lines
  }
  const ended = new Promise<number>((resolve) => {
    child.onExit(({ exitCode }) => resolve(exitCode))
  }).then(async (code) => {
    await written
    expectNoSecrets(raw)
    return code
  })
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await ended
    screen.dispose()
  })
  return {
    raw: () => raw,
    ended,
    type: (text) => child.write(text),
    async lines() {
      await written
      return read()
    },
    shows: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (!pattern.test(read().join('\n'))) return
          listeners.delete(look)
          resolve()
        }
        listeners.add(look)
        look()
        ended.then(() => {
          look()
          reject(new Error(`It ended without ${pattern}:\n${read().join('\n')}`))
        })
      }),
  }
}

function definedOnly(env: NodeJS.ProcessEnv): Record<string, string> {
  const entries = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return Object.fromEntries(entries)
}
