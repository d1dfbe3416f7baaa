import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createHost } from './host.ts'
import { followProgress } from './progress.ts'

let printed: string[] = []
const onTerminal = (isTTY: boolean, columns?: number) => {
  for (const [key, value] of Object.entries({ isTTY, columns })) {
    Object.defineProperty(process.stderr, key, { value, configurable: true, writable: true })
  }
}
const before = { isTTY: process.stderr.isTTY, columns: process.stderr.columns }

beforeEach(() => {
  printed = []
  vi.useFakeTimers()
  vi.stubEnv('CI', '')
  vi.stubEnv('TERM', 'xterm')
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => printed.push(String(text)) > 0)
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
  onTerminal(before.isTTY, before.columns)
})

test('a terminal shows a line that is drawn again when it changes, and cleared at the end', () => {
  onTerminal(true, 80)
  const progress = followProgress('ev', createHost(), true)
  progress.hear({ type: 'start', step: 'build' })
  vi.advanceTimersByTime(2400)
  progress.end()
  const lines = [0, 1, 2].map(
    (seconds) => `\r\u001b[2Kev: waiting for the build at the service (${seconds} s)`,
  )
  expect(printed).toEqual([...lines, '\r\u001b[2K'])
})

test('no line is wider than the terminal, as one that wraps could not be cleared', () => {
  onTerminal(true, 20)
  const progress = followProgress('ev', createHost(), true)
  vi.advanceTimersByTime(400)
  progress.end()
  expect(printed[0]).toBe('\r\u001b[2Kev: packing (0 s)')
  progress.hear({ type: 'start', step: 'build' })
  onTerminal(true, 12)
  const narrow = followProgress('ev', createHost(), true)
  vi.advanceTimersByTime(400)
  narrow.end()
  expect(printed.at(-2)).toBe('\r\u001b[2Kev: packing')
})

test('a log gets a line after 5 seconds, and then one in half a minute', () => {
  onTerminal(false)
  const progress = followProgress('ev', createHost(), true)
  progress.hear({ type: 'start', step: 'build' })
  vi.advanceTimersByTime(4800)
  expect(printed).toEqual([])
  vi.advanceTimersByTime(60_000)
  progress.end()
  expect(printed).toEqual([
    'ev: waiting for the build at the service (5 s)\n',
    'ev: waiting for the build at the service (35 s)\n',
  ])
})

test('a silent host shows nothing', () => {
  onTerminal(true, 80)
  const progress = followProgress('ev', createHost({ isSilent: true }), true)
  vi.advanceTimersByTime(60_000)
  progress.end()
  expect(printed).toEqual([])
})
