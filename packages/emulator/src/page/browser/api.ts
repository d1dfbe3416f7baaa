import type { PageEvents } from '../messages.ts'

type Listeners = { [K in keyof PageEvents]: (data: PageEvents[K]) => void }

/** Listens to the emulator and reconnects by itself. `onLive` is told whether there is a connection. */
export function listen(listeners: Listeners, onLive: (isLive: boolean) => void): void {
  const source = new EventSource('/_emulator/events')
  const on = <K extends keyof PageEvents>(name: K, listener: Listeners[K]): void =>
    source.addEventListener(name, (event) => listener(JSON.parse(event.data)))
  on('everything', listeners.everything)
  on('request', listeners.request)
  on('evaluator', listeners.evaluator)
  on('faults', listeners.faults)
  source.addEventListener('open', () => onLive(true))
  source.addEventListener('error', () => onLive(false))
}

/** @throws {Error} with the emulator's message */
export async function ask<T>(method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<T> {
  const response = await fetch(`/_emulator/${path}`, {
    method,
    ...(body !== undefined && {
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    }),
  })
  const answer = await response.json()
  if (!response.ok) throw new Error(answer.message ?? `The emulator answered ${response.status}.`)
  return answer
}
