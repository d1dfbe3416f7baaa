import type { createTimer } from './precise-timer.ts'

/** What TCP sends before the first acknowledgement: ten segments. https://www.rfc-editor.org/rfc/rfc6928 */
const FIRST_WINDOW_BYTES = 10 * 1460

interface FlowOptions {
  readonly timer: ReturnType<typeof createTimer>
  /** One way. */
  readonly delayMs: number
  /** Nothing leaves before this moment of performance.now(): the connection is not there yet. */
  readonly openAt: number
  /** Hands bytes to the other side, which arrive with what was known when they left. */
  deliver(bytes: Buffer, trip: number): void
}

/** One direction of a connection that is far away: delayed, and with the window of TCP's slow start. */
export interface Flow {
  /** @param trip the round trip in which the bytes were sent: one more than what the sender has heard of */
  send(bytes: Buffer, trip: number): void
  /** Calls `ended` when all that was sent has arrived. */
  end(ended: () => void): void
}

export function createFlow({ timer, delayMs, openAt, deliver }: FlowOptions): Flow {
  const queue: { bytes: Buffer; trip: number }[] = []
  let window = FIRST_WINDOW_BYTES
  let inFlight = 0
  let onEnd: (() => void) | undefined

  /** @param acknowledged the trip whose acknowledgement made room, so that what leaves now belongs to the next */
  const release = (acknowledged: number) => {
    const now = Math.max(performance.now(), openAt)
    for (let head = queue[0]; head && inFlight < window; head = queue[0]) {
      const bytes = head.bytes.subarray(0, window - inFlight)
      const trip = Math.max(head.trip, acknowledged + 1)
      if (bytes.length === head.bytes.length) queue.shift()
      else head.bytes = head.bytes.subarray(bytes.length)
      inFlight += bytes.length
      timer.at(now + delayMs, () => deliver(bytes, trip))
      timer.at(now + 2 * delayMs, () => {
        inFlight -= bytes.length
        // Doubles with every round trip that filled it.
        window += bytes.length
        release(trip)
      })
    }
    if (queue.length === 0 && onEnd) timer.at(now + delayMs, onEnd)
    if (queue.length === 0) onEnd = undefined
  }
  return {
    send(bytes, trip) {
      queue.push({ bytes, trip })
      release(-1)
    },
    end(ended) {
      onEnd = ended
      release(-1)
    },
  }
}
