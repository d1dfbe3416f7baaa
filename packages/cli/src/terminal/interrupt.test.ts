import { expect, test } from 'vitest'
import { bench, SOURCE } from '../../test/bench.ts'

test.each([
  ['get', 'Nothing was changed'],
  ['create', 'It is not known whether evaluator my-evaluator was created or changed'],
  ['endpoint', 'is BUILDING and waits for its archive'],
  ['put', 'is BUILDING and waits for its archive'],
  ['validate', 'its archive is stored and not validated'],
] as const)('interrupted during %s: 130, and which state that leaves', async (step, state) => {
  const { emulator, start, temporaries, run } = await bench({ faults: [{ step, do: { kind: 'hang' } }] })
  const { child, ended } = start(['upload', 'src', '--id', 'my-evaluator', '--json'])
  await emulator.waitFor('request', (entry) => entry.step === step)
  child.kill('SIGINT')
  const { code, stdout } = await ended
  expect(code).toBe(130)
  expect(JSON.parse(stdout)).toMatchObject({
    ok: false,
    error: { code: 'FW_ABORTED', message: 'Interrupted.', hint: expect.stringContaining(state) },
  })
  expect(await temporaries()).toEqual([])
  emulator.faults.clear()
  expect((await run(['upload', 'src', '--id', 'my-evaluator', '--wait'])).code).toBe(0)
})

test('interrupted while it waits for the build: the build goes on', async () => {
  const { emulator, start } = await bench({ buildMs: 60_000 })
  const { child, ended } = start(['upload', 'src', '--id', 'my-evaluator', '--wait'])
  await emulator.waitFor('response', ({ step }) => step === 'validate')
  await emulator.waitFor('response', ({ step }) => step === 'get')
  child.kill('SIGINT')
  const { code, stderr } = await ended
  expect(code).toBe(130)
  expect(stderr).toMatch(/Evaluator my-evaluator is BUILDING and the build goes on at the service/)
})

test('the second Ctrl-C ends it at once if the first has no effect', async () => {
  const { start, write } = await bench()
  // Nothing can stop the loading of a module.
  await write({
    'e.mjs': "console.error('loading')\nsetInterval(() => {}, 1e6)\nawait new Promise(() => {})\n",
  })
  const { child, ended, printed } = start(['upload', '--config', 'e.mjs'])
  await printed(/loading/)
  child.kill('SIGINT')
  await printed(/another Ctrl-C ends it at once/)
  child.kill('SIGINT')
  expect((await ended).code).toBe(130)
})

test('SIGTERM and SIGHUP end it in the same way, with their own exit codes', async () => {
  for (const [signal, expected] of [
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const) {
    const { emulator, start } = await bench({ faults: [{ step: 'put', do: { kind: 'hang' } }] })
    const { child, ended } = start(['upload', 'src', '--id', 'my-evaluator'])
    await emulator.waitFor('request', ({ step }) => step === 'put')
    child.kill(signal)
    expect(await ended).toMatchObject({ code: expected, stderr: expect.stringContaining('Interrupted') })
  }
})

test('many: running and waiting uploads are listed separately, and 130', async () => {
  const { emulator, start, write, run } = await bench({
    faults: [{ step: 'put', do: { kind: 'hang' }, times: 1 }],
  })
  for (const id of ['a', 'b', 'c']) await write({ [`e/${id}/test_scorer.py`]: SOURCE['test_scorer.py'] })
  const { child, ended } = start(['upload', '--config', 'e/*', '--concurrency', '1', '--json'])
  await emulator.waitFor('request', ({ step }) => step === 'put')
  child.kill('SIGINT')
  const { code, stdout } = await ended
  expect(code).toBe(130)
  expect(JSON.parse(stdout).result).toMatchObject({
    counts: { uploaded: 0, failed: 3 },
    evaluators: [
      { id: 'a', error: { code: 'FW_ABORTED', hint: expect.stringContaining('waits for its archive') } },
      { id: 'b', error: { code: 'FW_ABORTED', hint: expect.stringContaining('as it was') } },
      { id: 'c', error: { code: 'FW_ABORTED' } },
    ],
  })
  expect((await run(['upload', '--config', 'e/*'])).stdout).toMatch(/3 evaluators: 3 uploaded/)
})

test('an interrupted pull leaves nothing', async () => {
  const { emulator, start, run, dir } = await bench({
    faults: [{ step: 'download', do: { kind: 'stall' }, after: 0 }],
  })
  emulator.faults.clear()
  await run(['upload', 'src', '--id', 'my-evaluator', '--wait'])
  emulator.faults.add({ step: 'download', do: { kind: 'stall' } })
  const { child, ended } = start(['pull', 'my-evaluator', '-o', 'out'])
  await emulator.waitFor('request', ({ step }) => step === 'download')
  child.kill('SIGINT')
  expect((await ended).code).toBe(130)
  const { readdir } = await import('node:fs/promises')
  expect(await readdir(dir)).toEqual(['src'])
})
