import type { ProgressEvent, Step } from '@fw/evaluator-core'
import { formatBytes, formatMs } from './format.ts'

/** The present step of an upload. */
export interface StepState {
  readonly step: Step | undefined
  /** By the clock that `now` is read from, milliseconds. */
  readonly startedMs: number
  readonly done?: number
  readonly total?: number
  /** The step waits until then, for a retry. */
  readonly retryAtMs?: number
}

export const IDLE: StepState = { step: undefined, startedMs: 0 }

const DOING: Readonly<Record<Step, string>> = {
  pack: 'packing',
  prepare: 'preparing',
  endpoint: 'asking for the upload URL',
  put: 'sending',
  validate: 'validating',
  build: 'building',
}

export const DONE: Readonly<Record<Step, string>> = {
  pack: 'packed',
  prepare: 'prepared',
  endpoint: 'got the upload URL',
  put: 'sent',
  validate: 'validated',
  build: 'built',
}

/** `pack` and `prepare` run at the same time: shows the one that started last, then the remaining one. */
export function nextState(state: StepState, event: ProgressEvent, nowMs: number): StepState {
  switch (event.type) {
    case 'start':
      return { step: event.step, startedMs: nowMs }
    case 'bytes': {
      const { step, startedMs } = state
      if (step !== event.step && step !== 'prepare') return state
      const since = step === event.step ? startedMs : nowMs
      const { done, total } = event
      return { step: event.step, startedMs: since, done, ...(total !== undefined && { total }) }
    }
    case 'retry':
      return { ...state, retryAtMs: nowMs + event.delayMs }
    case 'end':
      return state
  }
}

/** `sending 4.0 MB of 12.0 MB · 2.1 MB/s · 3.8 s left` */
export function describeState(state: StepState, nowMs: number): string {
  const { step, startedMs, done, total, retryAtMs } = state
  if (step === undefined) return 'starting'
  const elapsedMs = nowMs - startedMs
  if (retryAtMs !== undefined && retryAtMs > nowMs) {
    return `${DOING[step]} · again in ${formatMs(retryAtMs - nowMs)}`
  }
  if (done === undefined) return elapsedMs < 1000 ? DOING[step] : `${DOING[step]} · ${formatMs(elapsedMs)}`
  const amount = total === undefined ? formatBytes(done) : `${formatBytes(done)} of ${formatBytes(total)}`
  const perMs = elapsedMs > 0 ? done / elapsedMs : 0
  const parts = [`${DOING[step]} ${amount}`]
  if (perMs > 0) parts.push(`${formatBytes(Math.round(perMs * 1000))}/s`)
  if (perMs > 0 && total !== undefined && total > done) parts.push(`${formatMs((total - done) / perMs)} left`)
  return parts.join(' · ')
}
