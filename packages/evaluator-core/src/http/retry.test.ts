import { expect, test, vi } from 'vitest'
import { delayAfter, parseRetryAfter, pause } from './retry.ts'

const policy = { attempts: 5, baseDelayMs: 100, maxDelayMs: 1000 }

test('the wait is anything from nothing to a ceiling that doubles, up to the longest', () => {
  vi.spyOn(Math, 'random').mockReturnValue(0)
  expect([1, 2, 3, 10].map((n) => delayAfter(n, policy))).toEqual([0, 0, 0, 0])
  vi.spyOn(Math, 'random').mockReturnValue(1)
  expect([1, 2, 3, 10].map((n) => delayAfter(n, policy))).toEqual([100, 200, 400, 1000])
})

test('Retry-After is a floor, but no longer than the longest', () => {
  vi.spyOn(Math, 'random').mockReturnValue(0)
  expect(delayAfter(1, policy, 700)).toBe(700)
  expect(delayAfter(1, policy, 3_600_000)).toBe(1000)
})

test('Retry-After is seconds or a date', () => {
  const now = Date.parse('2026-01-01T00:00:00Z')
  expect(parseRetryAfter('3', now)).toBe(3000)
  expect(parseRetryAfter('Thu, 01 Jan 2026 00:00:05 GMT', now)).toBe(5000)
  expect(parseRetryAfter('Wed, 31 Dec 2025 23:59:00 GMT', now)).toBe(0)
  expect(parseRetryAfter('soon', now)).toBe(0)
  expect(parseRetryAfter(undefined, now)).toBe(0)
})

test('a pause ends with the signal, not with the time', async () => {
  const controller = new AbortController()
  const pausing = pause(60_000, controller.signal)
  controller.abort(new Error('enough'))
  await expect(pausing).rejects.toMatchObject({ code: 'FW_ABORTED', cause: { message: 'enough' } })
})
