import { type ProgressEvent, printable, type Step } from '@fw/evaluator-core'
import { formatBytes, formatMs } from './format.ts'
import { createLive } from './live.ts'
import type { Out } from './out.ts'
import { DONE, describeState, IDLE, nextState, type StepState } from './step-state.ts'
import { padEnd, width } from './width.ts'

/** The progress of uploads: redrawn in place on a terminal, plain lines elsewhere. */
export interface Progress {
  /** @param label the prefix of each line; without it, every step prints its own line */
  task(label?: string): Task
  /** Prints a permanent line. */
  keep(line: string): void
  /** The last line of the drawn block. */
  footer(text: string): void
  /** Removes the drawn block, and stops drawing. */
  stop(): void
}

export interface Task {
  onProgress(event: ProgressEvent): void
  /** The step that started last. */
  readonly step: Step | undefined
  end(): void
}

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']
const FRAME_MS = 100
/** How often a long upload prints a line to a log. */
const PLAIN_BYTES_MS = 5000

interface Shown {
  label: string
  state: StepState
}

export function createProgress(out: Out, now: () => number = () => performance.now()): Progress {
  const live = out.isLive ? createLive(out) : undefined
  const tasks = new Set<Shown>()
  let footer = ''
  let frame = 0

  function draw(): void {
    const labels = Math.max(0, ...[...tasks].map(({ label }) => width(label)))
    const lines = [...tasks].map(({ label, state }) => {
      const name = labels > 0 ? `${padEnd(label, labels)}  ` : ''
      return `${out.style('cyan', FRAMES[frame] ?? '')} ${name}${describeState(state, now())}`
    })
    live?.draw(footer ? [...lines, out.style('dim', footer)] : lines)
  }

  const timer = live
    ? setInterval(() => {
        frame = (frame + 1) % FRAMES.length
        draw()
      }, FRAME_MS).unref()
    : undefined

  const keep = (line: string): void => (live ? live.keep(line) : out.line(line))

  return {
    keep,
    footer(text) {
      footer = text
    },
    stop() {
      clearInterval(timer)
      live?.clear()
    },
    task(label = '') {
      const shown: Shown = { label, state: IDLE }
      tasks.add(shown)
      const record = createRecord(out, label, keep)
      let toldMs = now()
      return {
        get step() {
          return shown.state.step
        },
        onProgress(event) {
          shown.state = nextState(shown.state, event, now())
          record(event)
          if (live) draw()
          else if (label === '' && event.type === 'bytes' && now() - toldMs >= PLAIN_BYTES_MS) {
            toldMs = now()
            out.line(describeState(shown.state, now()))
          }
        },
        end() {
          tasks.delete(shown)
          if (live) draw()
        },
      }
    },
  }
}

/** Permanent lines: retries and, without a label, each step that has ended. */
function createRecord(out: Out, label: string, keep: (line: string) => void): (event: ProgressEvent) => void {
  const bytes = new Map<Step, number>()
  let preparedMs = 0
  let isPrepared = false
  const ended = (step: Step, ms: number): void => {
    const amount = bytes.get(step)
    const what = amount === undefined ? DONE[step] : `${DONE[step]} ${formatBytes(amount)}`
    keep(`${out.style('green', '✔')} ${what} ${out.style('dim', formatMs(ms))}`)
  }
  return (event) => {
    if (event.type === 'bytes') bytes.set(event.step, event.done)
    if (event.type === 'retry') {
      const about = label ? `${label}: ` : ''
      const { attempt, delayMs, reason } = event
      keep(
        `${out.style('yellow', '▲')} ${about}${printable(reason)}; attempt ${attempt} comes in ${formatMs(delayMs)}`,
      )
    }
    if (label) return
    // To a user, asking for the state and preparing are one step: one line when both have ended.
    if (event.type === 'start' && event.step === 'endpoint' && !isPrepared) {
      isPrepared = true
      ended('prepare', preparedMs)
    }
    if (event.type !== 'end') return
    if (event.step === 'prepare') preparedMs += event.ms
    else ended(event.step, event.ms)
  }
}
