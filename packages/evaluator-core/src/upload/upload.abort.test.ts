import type { Fault } from '@fw/evaluator-emulator'
import { expect, test } from 'vitest'
import { bench } from '../../test/bench.ts'

/** An abort takes 1 to 5 ms; a machine that is busy with other tests gets room. */
const ABORT_MS = 2000

const steps: Fault['step'][] = ['verifyApiKey', 'get', 'create', 'endpoint', 'put', 'validate', 'prepare']

test.each(steps)(
  'an abort while %s hangs ends the call at once, and running again completes it',
  async (step) => {
    const { emulator, upload, uploadFails } = await bench()
    if (step === 'prepare') await upload({ wait: { intervalMs: 1 } })
    emulator.faults.add({ step, do: { kind: 'hang' }, times: 99 })
    const controller = new AbortController()
    const options = {
      accountId: '',
      skipUnchanged: false,
      wait: { intervalMs: 1 },
      signal: controller.signal,
    }
    const failing = uploadFails(options)
    await emulator.waitFor('request', (request) => request.step === step)
    const began = performance.now()
    controller.abort(new Error('changed my mind'))
    expect(await failing).toMatchObject({ code: 'FW_ABORTED', cause: { message: 'changed my mind' } })
    expect(performance.now() - began).toBeLessThan(ABORT_MS)

    emulator.faults.clear()
    expect((await upload({ wait: { intervalMs: 1 } })).evaluator?.state).toBe('ACTIVE')
  },
)

test('an abort while the build is waited for', async () => {
  const { emulator, uploadFails } = await bench({ buildMs: 60_000 })
  const controller = new AbortController()
  const failing = uploadFails({ wait: { intervalMs: 60_000 }, signal: controller.signal })
  await emulator.waitFor('response', ({ step }) => step === 'validate')
  await emulator.waitFor('response', ({ step }) => step === 'get')
  controller.abort()
  expect(await failing).toMatchObject({ code: 'FW_ABORTED' })
})

test('an abort before the call: nothing is sent', async () => {
  const { emulator, uploadFails } = await bench()
  expect(await uploadFails({ signal: AbortSignal.abort() })).toMatchObject({ code: 'FW_ABORTED' })
  expect(emulator.requests).toEqual([])
})

test.each(steps.filter((step) => step !== 'prepare'))(
  'a hang at %s ends with attemptMs, attempt by attempt',
  async (step) => {
    const { emulator, uploadFails } = await bench()
    emulator.faults.add({ step, do: { kind: 'hang' }, times: 99 })
    const error = await uploadFails({ accountId: '', timeouts: { attemptMs: 40 } })
    expect(error).toMatchObject({
      code: 'FW_TIMEOUT',
      message: expect.stringContaining('did not move a byte for 40 ms'),
    })
  },
)

test('a store that takes bytes slowly, but takes them, does not run into attemptMs', async () => {
  const { emulator, upload } = await bench()
  emulator.faults.add({ step: 'put', do: { kind: 'slow', delayMs: 60 } })
  expect((await upload({ timeouts: { attemptMs: 250 } })).outcome).toBe('uploaded')
})

test('totalMs ends everything', async () => {
  const { emulator, uploadFails } = await bench()
  emulator.faults.add({ step: 'put', do: { kind: 'hang' }, times: 99 })
  expect(await uploadFails({ timeouts: { totalMs: 200 } })).toMatchObject({
    code: 'FW_TIMEOUT',
    message: 'The upload of evaluator my-evaluator took longer than 200 ms.',
  })
})

test('a deadline says what failed before it passed', async () => {
  const { emulator, uploadFails } = await bench()
  emulator.faults.add({ step: 'get', do: { kind: 'status', status: 503 }, times: 99 })
  const slow = { attempts: 9, baseDelayMs: 60_000, maxDelayMs: 60_000 }
  const { code, message } = await uploadFails({ retry: slow, timeouts: { totalMs: 2500 } })
  expect(code).toBe('FW_TIMEOUT')
  expect(message).toMatch(/took longer than 2500 ms\. The last attempt failed: 503 /)
})

test('no socket stays open, whether it went well or not', async () => {
  const { emulator, upload, uploadFails } = await bench()
  const closed = () =>
    expect.poll(() => emulator.connections).toMatchObject({ gateway: { open: 0 }, store: { open: 0 } })
  await upload({ wait: { intervalMs: 1 } })
  await closed()
  emulator.faults.add({ step: 'put', do: { kind: 'status', status: 403 } })
  await uploadFails({ skipUnchanged: false })
  await closed()
})
