import { styleText } from 'node:util'

export type Style = Parameters<typeof styleText>[0]

/** Where text goes: stdout or stderr, as far as a command needs to know them. */
export interface Out {
  readonly isTerminal: boolean
  /** A terminal whose lines may be drawn again: no CI's log, no dumb one. */
  readonly isLive: boolean
  /** Cells a line has; `undefined` in a pipe, where nothing is cut or wrapped. */
  columns(): number | undefined
  style(format: Style, text: string): string
  /** After the other side is gone nothing is written and nothing fails. */
  write(text: string): void
  line(text?: string): void
  /** Resolves when what was written has been taken, so that a long text need not wait in memory. */
  flushed(): Promise<void>
}

type Environment = Readonly<Record<string, string | undefined>>

/** What to do, once, when nothing can be written any more. */
interface Ends {
  /** The reader has gone away, as `head` does. */
  onClosed?: () => void
  /** What was written is lost: the disk is full, or failing. */
  onLost?: (error: Error) => void
}

export function createOut(
  stream: NodeJS.WriteStream,
  env: Environment,
  { onClosed = () => {}, onLost = () => {} }: Ends = {},
): Out {
  const isTerminal = stream.isTTY === true
  let isClosed = false
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (isClosed) return
    isClosed = true
    if (error.code === 'EPIPE' || error.code === 'EIO') onClosed()
    else onLost(error)
  })
  const write = (text: string): void => {
    if (!isClosed) stream.write(text)
  }
  return {
    isTerminal,
    isLive: isTerminal && !env.CI && env.TERM !== 'dumb',
    // A terminal that does not say how wide it is says 0.
    columns: () => (isTerminal ? stream.columns || 80 : undefined),
    // The platform decides, by the stream, NO_COLOR and FORCE_COLOR.
    style: (format, text) => styleText(format, text, { stream }),
    write,
    line: (text = '') => write(`${text}\n`),
    async flushed() {
      if (isClosed || !stream.writableNeedDrain) return
      await new Promise<void>((resolve) => {
        stream.once('drain', resolve)
        stream.once('close', resolve)
        stream.once('error', () => resolve())
      })
    },
  }
}

/** Green for ACTIVE, red for BUILD_FAILED, yellow for what is neither yet. */
export function paintState(out: Out, state: string): string {
  return out.style(state === 'ACTIVE' ? 'green' : state === 'BUILD_FAILED' ? 'red' : 'yellow', state)
}
