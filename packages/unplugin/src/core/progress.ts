import { writeSync } from 'node:fs'
import type { ProgressEvent, Step } from '@fw/evaluator-core'
import { onExit } from 'signal-exit'
import type { Host } from './host.ts'

/**
 * Follows one upload: shows the present step. If the process ends during the upload, says in which state the evaluator
 * is.
 */
export interface Progress {
  hear(event: ProgressEvent): void
  end(): void
}

const DOES: Readonly<Record<Step, string>> = {
  pack: 'packing',
  prepare: 'asking the service',
  endpoint: 'asking for a place in the store',
  put: 'sending the archive',
  validate: 'having the archive validated',
  build: 'waiting for the build at the service',
}
const CLEAR = '\r\u001b[2K'
const FRAME_MS = 200
/** In a log, the first line comes when people start to wonder, then one in half a minute. */
const FIRST_LINE_MS = 5_000
const NEXT_LINES_MS = 30_000

/**
 * On a terminal, redraws one line; in a log, prints a line in half a minute. `isFailure`: whether an interrupted upload
 * fails the process.
 */
export function followProgress(evaluatorId: string, host: Host, isFailure: boolean): Progress {
  const began = performance.now()
  const isLive = process.stderr.isTTY === true && !process.env.CI && process.env.TERM !== 'dumb'
  let step: Step = 'pack'
  let done = ''
  let left: Left = 'unchanged'
  let looks = 0
  let lineAt = began + FIRST_LINE_MS
  let shown = ''

  const line = () => {
    const seconds = Math.round((performance.now() - began) / 1000)
    return `${evaluatorId}: ${DOES[step]}${done} (${seconds} s)`
  }
  const show = () => {
    if (isLive) {
      // A line that wraps could not be cleared.
      const text = line().slice(0, (process.stderr.columns || 80) - 1)
      if (text !== shown) process.stderr.write(`${CLEAR}${text}`)
      shown = text
    } else if (performance.now() >= lineAt) {
      lineAt = performance.now() + NEXT_LINES_MS
      process.stderr.write(`${line()}\n`)
    }
  }
  // The timer must not keep the process alive if another plugin wants to end it.
  const timer = host.isSilent ? undefined : setInterval(show, FRAME_MS).unref()

  let hasEnded = false
  const forget = onExit((_code, signal) => {
    if (hasEnded) return
    if (!host.isSilent) {
      const clear = isLive ? CLEAR : '\n'
      writeSync(
        2,
        `${clear}${evaluatorId}: the upload was cut off while ${DOES[step]}. ${sayLeft(left, evaluatorId)}\n`,
      )
    }
    if (!signal && isFailure) process.exitCode ||= 1
  })

  return {
    hear(event) {
      if (event.type === 'start' && event.step !== 'pack') {
        step = event.step
        done = ''
        // The first step only reads; the next ones change something.
        if (step === 'prepare' && ++looks > 1) left = 'unknown'
      }
      if (event.type === 'bytes' && event.step === 'put') {
        step = 'put'
        done = event.total ? ` ${Math.floor((100 * event.done) / event.total)} %` : ''
      }
      if (event.type === 'end') left = leftAfter(event.step, looks, left)
    },
    end() {
      clearInterval(timer)
      hasEnded = true
      // A signal that was not dispatched yet would be lost with its last listener.
      setImmediate(() => setImmediate(forget))
      if (isLive && timer) process.stderr.write(CLEAR)
    },
  }
}

/** The state in which an interrupted upload leaves the evaluator. */
type Left = 'unchanged' | 'unknown' | 'prepared' | 'stored' | 'building'

function leftAfter(step: Step, looks: number, before: Left): Left {
  if (step === 'prepare') return looks > 1 ? 'prepared' : before
  if (step === 'put') return 'stored'
  return step === 'validate' ? 'building' : before
}

function sayLeft(left: Left, id: string): string {
  const script = process.env.npm_lifecycle_event
  const again = script ? `npm run ${script}` : 'the same build'
  const look = `npx fw-evaluator status ${id}`
  return {
    unchanged: `Nothing was changed at the service. To try again: ${again}`,
    unknown: `It is not known whether the evaluator was created or changed. To check that and complete it: ${again}`,
    prepared: `The evaluator is BUILDING and waits for its archive. To complete it: ${again}`,
    stored: `The evaluator is BUILDING, its archive is stored and not validated. To complete it: ${again}`,
    building: `The evaluator is BUILDING, and the build goes on at the service. To see how: ${look}`,
  }[left]
}
