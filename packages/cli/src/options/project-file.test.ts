import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { bench, SOURCE } from '../../test/bench.ts'
import { uploaded } from '../../test/upload-first.ts'

const ONE = JSON.stringify([{ evaluatorId: 'my-evaluator', source: 'src' }])

test('status, logs, diff, pull and open need no id where fw-evaluators.json names the only evaluator', async () => {
  const made = await uploaded()
  await made.write({ 'fw-evaluators.json': ONE })
  const { stderr, stdout } = await made.run(['status'])
  expect(stdout).toMatch(/evaluators\/my-evaluator\n/)
  expect(stderr).toBe('evaluator my-evaluator (from fw-evaluators.json)\n')
  expect((await made.run(['logs'])).stdout).toMatch(/Template built/)
  expect((await made.run(['pull'])).stdout).toMatch(/to my-evaluator\n/)
  await made.write({ 'src/new.py': '' })
  // The folder to compare is the one that the file names.
  expect((await made.run(['diff'])).stdout).toBe('+ new.py  0 B\n')
  expect((await made.json(['open'])).result).toEqual({ url: `${made.emulator.url}/` })
})

test('upload without anything uploads what the file names, also from a folder below', async () => {
  const made = await bench()
  await mkdir(join(made.dir, 'below'))
  await made.write({ 'fw-evaluators.json': ONE })
  const { code, result } = await made.json(['upload', '--wait'], { cwd: join(made.dir, 'below') })
  expect(result).toMatchObject({ counts: { uploaded: 1 } })
  expect(code).toBe(0)
})

test('an id that is written in the config of a bundler is as plain; a comment is not', async () => {
  const made = await uploaded()
  await made.write({
    'vite.config.ts':
      "// evaluatorId: 'old'\nexport default { plugins: [fwEvaluator({ evaluatorId: 'my-evaluator' })] }\n",
  })
  expect((await made.run(['status'])).stderr).toBe('evaluator my-evaluator (from vite.config.ts)\n')
  expect((await made.run(['upload', 'src', '--dry-run'])).stdout).toMatch(/evaluators\/my-evaluator/)
})

test('where no evaluator is named, or several are, the call is wrong and says how to name one', async () => {
  const made = await bench()
  const none = await made.json(['status'])
  expect(none).toMatchObject({
    code: 2,
    error: { code: 'FW_USAGE', message: 'The id of the evaluator is missing.' },
  })
  await made.write({
    'fw-evaluators.json': JSON.stringify([
      { evaluatorId: 'a', source: 'src' },
      { evaluatorId: 'b', source: 'src' },
    ]),
  })
  const several = await made.json(['status'])
  expect(several).toMatchObject({ code: 2, error: { hint: 'Pass one of their ids: a, b' } })
  // What is given wins over what the project says.
  expect((await made.json(['status', 'c'])).error).toMatchObject({ code: 'FW_NOT_FOUND' })
})

test('delete never guesses', async () => {
  const made = await uploaded()
  await made.write({ 'fw-evaluators.json': ONE, ...SOURCE })
  expect((await made.run(['delete', '--yes'])).code).toBe(2)
  expect(made.emulator.evaluators.list()).toHaveLength(1)
})
