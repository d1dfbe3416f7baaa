import { styleText } from 'node:util'

export type Style = Parameters<typeof styleText>[0]

/** An output stream for commands: stdout or stderr. */
export interface Out {
  readonly isTerminal: boolean
  /** A terminal whose lines can be redrawn: no log of a CI, no dumb terminal. */
  readonly isLive: boolean
  /** Cells in a line; `undefined` in a pipe, where nothing is cut or wrapped. */
  columns(): number | undefined
  style(format: Style, text: string): string
  /** When the reader has closed the pipe, writes nothing and does not fail. */
  write(text: string): void
  line(text?: string): void
  /** Resolves when the text has been written, so that a long text does not wait in memory. */
  flushed(): Promise<void>
}

type Environment = Readonly<Record<string, string | undefined>>

/** Called once, when nothing can be written any more. */
interface Ends {
  /** The reader has closed the pipe, as `head` does. */
  onClosed?: () => void
  /** Output is lost: the disk is full, or fails. */
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
    // A terminal with an unknown width reports 0.
    columns: () => (isTerminal ? stream.columns || 80 : undefined),
    // Node decides, by the stream, NO_COLOR and FORCE_COLOR.
    style: (format, text) => styleText(format, text, { stream }),
    write,
    line: (text = '') => write(`${text}\n`),
    async flushed() {
      if (isClosed || !stream.writableNeedDrain) return
      const events = ['drain', 'close', 'error']
      let done = (): void => {}
      await new Promise<void>((resolve) => {
        done = () => resolve()
        for (const event of events) stream.once(event, done)
      })
      // A long text waits often, and each wait would leave two listeners behind.
      for (const event of events) stream.off(event, done)
    },
  }
}

/** Green for ACTIVE, red for BUILD_FAILED, else yellow. */
export function paintState(out: Out, state: string): string {
  return out.style(state === 'ACTIVE' ? 'green' : state === 'BUILD_FAILED' ? 'red' : 'yellow', state)
}
