import { expect, test, vi } from 'vitest'
import { both } from './both.ts'

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
    await both(
      never,
      async () => 1,
      async () => 'a',
      undo,
    ),
  ).toEqual([1, 'a'])
  expect(undo).not.toHaveBeenCalled()
})

test.each([
  ['first', fails, untilAborted],
  ['second', untilAborted, fails],
])('where the %s fails, the other is aborted and the error is the first', async (_, first, second) => {
  await expect(both(never, first, second, async () => {})).rejects.toThrow('mine')
})

test('what the first made is undone where the second fails', async () => {
  const undo = vi.fn(async () => {})
  await expect(both(never, async () => 'made', fails, undo)).rejects.toThrow('mine')
  expect(undo).toHaveBeenCalledExactlyOnceWith('made')
})

test('an abort from above reaches both, also one from before', async () => {
  const controller = new AbortController()
  const running = both(controller.signal, untilAborted, untilAborted, async () => {})
  controller.abort()
  await expect(running).rejects.toThrow('aborted')
  const seen = both(
    AbortSignal.abort(),
    async (signal) => signal.aborted,
    async (signal) => signal.aborted,
    async () => {},
  )
  expect(await seen).toEqual([true, true])
})
