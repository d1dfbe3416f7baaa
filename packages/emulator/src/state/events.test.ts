import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Emulator, type Fault, startEmulator } from '../index.ts'
import { create, get, uploadUrl } from '../testing/client.ts'

let emulator: Emulator
beforeEach(async () => {
  emulator = await startEmulator()
})
afterEach(() => emulator.close())

test('`request` comes before anything is done, `response` at the end', async () => {
  const seen: unknown[] = []
  emulator.on('request', ({ step, status }) => {
    seen.push(['request', step, status, emulator.evaluators.list().length])
  })
  emulator.on('response', ({ step, status }) => {
    seen.push(['response', step, status, emulator.evaluators.list().length])
  })
  const over = emulator.waitFor('response')
  await create(emulator)
  await over
  expect(seen).toEqual([
    ['request', 'create', undefined, 0],
    ['response', 'create', 200, 1],
  ])
})

test('`state` reports every change', async () => {
  const seen: unknown[] = []
  emulator.on('state', (change) => seen.push(change))
  await create(emulator, 'a')
  expect(seen).toEqual([{ evaluatorId: 'a', from: undefined, to: 'BUILDING' }])
})

test('`faults` has the pending faults: after one was added, happened, or was removed', async () => {
  const seen: unknown[] = []
  emulator.on('faults', (pending) => seen.push(pending.map(({ step }) => step)))
  const fault: Fault = { step: 'list', do: { kind: 'reset' } }
  emulator.faults.add({ step: 'get', do: { kind: 'status', status: 503 } }, fault)
  await get(emulator)
  emulator.faults.remove(fault)
  expect(seen).toEqual([['get', 'list'], ['list'], []])
})

test('a request has the time of its arrival, and its duration', async () => {
  emulator.faults.add({ step: 'get', do: { kind: 'slow', delayMs: 30 } })
  const before = Date.now()
  const arrived = emulator.waitFor('request')
  const over = emulator.waitFor('response')
  const answered = get(emulator)
  expect((await arrived).durationMs).toBe(undefined)
  await answered
  const { arrivedAt, durationMs } = await over
  expect(Date.parse(arrivedAt)).toBeGreaterThanOrEqual(before)
  // Timers may fire up to a millisecond early.
  expect(durationMs).toBeGreaterThanOrEqual(28)
})

test.each(['gcs', 's3', 'azure'] as const)(
  'a request shows its answer, without signatures: %s',
  async (storeFlavour) => {
    await using running = await startEmulator({ storeFlavour })
    await create(running)
    const url = await uploadUrl(running, 3)
    // Refused; some stores answer with the string to sign.
    await fetch(
      url.replace(/.$/, (last) => (last === '0' ? '1' : '0')),
      { method: 'PUT', body: 'abc' },
    )
    const [created, asked, refused] = running.requests
    expect(created?.answer).toMatchObject({
      headers: { 'content-type': 'application/json', 'x-request-id': created?.requestId },
      body: expect.stringContaining('"state":"BUILDING"'),
    })
    expect(created?.bytesSent).toBe(created?.answer?.body?.length)
    expect(asked?.answer?.body).toMatch(/(Signature|sig)=\[redacted\]/)
    expect(refused?.answer?.body).toMatch(/<Code>/)
    const secrets = [...new URL(url).searchParams].filter(([name]) =>
      /signature|credential|^sig$/i.test(name),
    )
    expect(secrets).not.toEqual([])
    const told = JSON.stringify(running.requests)
    for (const [, secret] of secrets) {
      expect(told).not.toContain(secret)
      expect(told).not.toContain(encodeURIComponent(secret))
    }
  },
)

test('on: the returned function removes the listener', async () => {
  let count = 0
  const off = emulator.on('request', () => {
    count += 1
  })
  await get(emulator)
  off()
  await get(emulator)
  expect(count).toBe(1)
})

test('waitFor: the next event that matches', async () => {
  const second = emulator.waitFor('request', ({ evaluatorId }) => evaluatorId === 'b')
  await get(emulator, 'a')
  await get(emulator, 'b')
  expect((await second).path).toMatch(/\/b$/)
})

test('waitFor: ends with its signal', async () => {
  const reason = new Error('enough')
  const waiting = emulator.waitFor('request', undefined, { signal: AbortSignal.abort(reason) })
  await expect(waiting).rejects.toBe(reason)
})

test('waitFor: ends with the emulator', async () => {
  const waiting = emulator.waitFor('request')
  waiting.catch(() => {})
  await emulator.close()
  await expect(waiting).rejects.toThrow('The emulator was closed')
  await expect(emulator.waitFor('request')).rejects.toThrow('The emulator was closed')
})
