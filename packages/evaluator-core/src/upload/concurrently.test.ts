import { setImmediate } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import { concurrently } from './concurrently.ts'

const never = new AbortController().signal
const untilAborted = (signal: AbortSignal) =>
  new Promise<never>((_, reject) =>
    signal.addEventListener('abort', () => reject(new Error('aborted')), { once: true }),
  )
const fails = async () => {
  throw new Error('mine')
}

test('both results', async () => {
  const undo = vi.fn()
  expect(
    await concurrently(
      never,
      async () => 1,
      async () => 'a',
      undo,
    ),
  ).toEqual([1, 'a'])
  expect(undo).not.toHaveBeenCalled()
})

test.each([
  ['first', () => setImmediate().then(fails), untilAborted],
  ['second', untilAborted, fails],
])('where the %s fails, the other is aborted and the error is the first', async (_, first, second) => {
  await expect(concurrently(never, first, second, async () => {})).rejects.toThrow('mine')
})

test('what the second made is undone where the first fails', async () => {
  const undo = vi.fn(async () => {})
  let made = () => {}
  const failsAfterwards = () => new Promise<void>((resolve) => (made = resolve)).then(fails)
  const makes = async () => {
    made()
    return 'made'
  }
  await expect(concurrently(never, failsAfterwards, makes, undo)).rejects.toThrow('mine')
  expect(undo).toHaveBeenCalledExactlyOnceWith('made')
})

test('what the first began is on its way before the second begins', async () => {
  const order: string[] = []
  const asks = async () => {
    await new Promise((resolve) => process.nextTick(resolve))
    order.push('asked')
  }
  const works = async () => void order.push('worked')
  await concurrently(never, asks, works, async () => {})
  expect(order).toEqual(['asked', 'worked'])
})

test('the second does not begin where the first has failed at once', async () => {
  const second = vi.fn(async () => {})
  await expect(concurrently(never, fails, second, async () => {})).rejects.toThrow('mine')
  expect(second).not.toHaveBeenCalled()
})

test('an abort from above reaches both, also one from before', async () => {
  const controller = new AbortController()
  const running = concurrently(controller.signal, untilAborted, untilAborted, async () => {})
  controller.abort()
  await expect(running).rejects.toThrow('aborted')
  const seen = concurrently(
    AbortSignal.abort(),
    async (signal) => signal.aborted,
    async (signal) => signal.aborted,
    async () => {},
  )
  expect(await seen).toEqual([true, true])
})
