import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Step } from '@fw/evaluator-emulator'
import { expect, onTestFinished, test } from 'vitest'
import { bench } from '../../test/bench.ts'
import type { ProgressEvent } from '../progress.ts'

const script = fileURLToPath(new URL('../../test/fixtures/upload.ts', import.meta.url))

async function uploading(env: Readonly<Record<string, string>>): Promise<ChildProcess> {
  const child = fork(script, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

/** Ends the process by a signal, and finds that it died of that and left no file. */
async function interrupt(child: ChildProcess, signal: NodeJS.Signals, temporaries: () => Promise<string[]>) {
  const exited = once(child, 'exit')
  child.kill(signal)
  expect(await exited).toEqual([null, signal])
  expect(await temporaries()).toEqual([])
}

const steps: Step[] = ['create', 'endpoint', 'put', 'validate']

test.each(steps)('Ctrl-C while %s hangs leaves no file, and running again completes it', async (step) => {
  const { emulator, temporaries, upload } = await bench()
  emulator.faults.add({ step, do: { kind: 'hang' } })
  const asked = emulator.waitFor('request', (request) => request.step === step)
  const child = await uploading(emulator.env)
  await asked
  expect(await temporaries()).not.toEqual([])
  await interrupt(child, 'SIGINT', temporaries)
  expect((await upload({ wait: { intervalMs: 1 } })).evaluator?.state).toBe('ACTIVE')
})

test('Ctrl-C while it is packed', async () => {
  const { emulator, temporaries } = await bench()
  emulator.faults.add({ step: 'get', do: { kind: 'hang' } })
  const child = await uploading(emulator.env)
  await new Promise<void>((resolve) => {
    child.on('message', (event: ProgressEvent) => {
      if (event.type === 'bytes' && event.step === 'pack' && event.done > 18 * 1024 * 1024) resolve()
    })
  })
  await interrupt(child, 'SIGINT', temporaries)
})

test('SIGTERM while the build is waited for', async () => {
  const { emulator, temporaries } = await bench({ buildMs: 60_000 })
  const validated = emulator.waitFor('response', ({ step }) => step === 'validate')
  const child = await uploading(emulator.env)
  await validated
  await interrupt(child, 'SIGTERM', temporaries)
  expect(emulator.evaluators.get('my-evaluator')?.state).toBe('BUILDING')
})
