import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, test, vi } from 'vitest'
import { bench } from '../../test/bench.ts'
import type { Traces } from '../../test/fixtures/upload-and-tell.ts'

const script = fileURLToPath(new URL('../../test/fixtures/upload-and-tell.ts', import.meta.url))

afterEach(() => {
  vi.doUnmock('undici/lib/dispatcher/agent.js')
})

test('an upload loads a quarter of undici, and leaves the fetch of its process alone', async () => {
  const { emulator } = await bench()
  const child = fork(script, { env: { ...process.env, ...emulator.env } })
  const [traces]: Traces[] = await once(child, 'message')
  expect(traces).toMatchObject({ outcome: 'uploaded', fetchIsOurs: false })
  expect(traces?.undiciFiles.length).toBeGreaterThan(0)
  expect(traces?.undiciFiles.length).toBeLessThanOrEqual(30)
})

test('an undici without these files does as well', async () => {
  // No such undici exists yet, so that one of its files fails here.
  vi.doMock('undici/lib/dispatcher/agent.js', () => {
    throw new Error('There is no such file')
  })
  vi.resetModules()
  const { uploadEvaluator } = await import('../index.ts')
  const { emulator } = await bench()
  const { apiKey, accountId, url: baseUrl } = emulator
  const result = await uploadEvaluator({
    evaluatorId: 'my-evaluator',
    source: { files: { 'requirements.txt': '' } },
    evaluator: { entryPoint: false },
    apiKey,
    accountId,
    baseUrl,
  })
  expect(result.outcome).toBe('uploaded')
})
