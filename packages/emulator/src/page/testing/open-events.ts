import { get } from 'node:http'
import { onTestFinished } from 'vitest'
import type { PageEvents } from '../messages.ts'

export interface OpenEvents {
  /** The next event of that name that no earlier call has returned. */
  next<K extends keyof PageEvents>(name: K): Promise<PageEvents[K]>
  until<K extends keyof PageEvents>(name: K, matches: (data: PageEvents[K]) => boolean): Promise<void>
  /** All events so far. */
  text(): string
  /** Resolves when the connection has ended. */
  ended: Promise<void>
}

/** Listens to the events of the page. */
export async function openEvents(url: string): Promise<OpenEvents> {
  let text = ''
  let read = 0
  let isOver = false
  let wake: () => void = () => {}
  const response = await new Promise<NodeJS.ReadableStream>((resolve, reject) => {
    const request = get(`${url}/_emulator/events`, resolve).on('error', reject)
    onTestFinished(() => void request.destroy())
  })
  const ended = new Promise<void>((resolve) => {
    response.on('close', () => {
      isOver = true
      wake()
      resolve()
    })
  })
  response.on('error', () => {})
  response.setEncoding('utf8').on('data', (chunk) => {
    text += chunk
    wake()
  })
  const next: OpenEvents['next'] = async (name) => {
    for (;;) {
      const end = text.indexOf('\n\n', read)
      if (end >= 0) {
        const [event, data = ''] = text.slice(read, end).split('\ndata: ')
        read = end + 2
        if (event === `event: ${name}`) return JSON.parse(data)
        continue
      }
      if (isOver) throw new Error(`The events ended before ${name}`)
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
  }
  return {
    next,
    async until(name, matches) {
      while (!matches(await next(name)));
    },
    text: () => text,
    ended,
  }
}
