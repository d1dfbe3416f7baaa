import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { EvaluatorUploadError } from '@fw/evaluator-core'
import { expect, onTestFinished, test } from 'vitest'
import { toFailure } from './failure.ts'

const failure = (...args: ConstructorParameters<typeof EvaluatorUploadError>) =>
  toFailure(new EvaluatorUploadError(...args), 'my-evaluator', {})

test('evaluator, code and reason; the hint below', () => {
  const { message, code, text, hints } = failure('FW_SOURCE', 'No file was found.', { hint: 'Build first.' })
  expect(message).toBe('my-evaluator was not uploaded (FW_SOURCE): No file was found.\n  Build first.')
  expect({ code, text, hints }).toEqual({
    code: 'FW_SOURCE',
    text: 'my-evaluator was not uploaded (FW_SOURCE): No file was found.',
    hints: ['Build first.'],
  })
})

test('no stack, and inspect, which Vite prints, shows only the message', () => {
  const error = failure('FW_SOURCE', 'No file was found.', { cause: new Error('inner') })
  expect(error.stack).toBe(error.message)
  expect(inspect(error, { depth: null })).toBe(`[${error.message}]`)
  Object.assign(error, { plugin: 'fw-evaluator:my-evaluator', pluginCode: 'FW_SOURCE', hook: 'closeBundle' })
  expect(inspect(error, { depth: null })).toBe(`[${error.message}]`)
})

test('the request id, for support', () => {
  expect(failure('FW_GATEWAY', 'No.', { requestId: 'req-1' }).message).toMatch(/Request id: req-1$/)
})

test('a bundler may replace our code by its own', () => {
  const error = failure('FW_SOURCE', 'No.')
  error.code = 'PLUGIN_ERROR'
  expect(error.code).toBe('PLUGIN_ERROR')
})

test('no text has characters that control a terminal', () => {
  const { message, stack, text, hints } = failure('FW_GATEWAY', 'a\u001b[2Jb\rc\u202ed', { hint: 'e\u009bf' })
  for (const said of [message, stack, text, hints.join()])
    expect(['\u001b', '\r', '\u202e', '\u009b'].filter((char) => said?.includes(char))).toEqual([])
  expect(toFailure(new Error('\u001b]0;x\u0007y'), 'my-evaluator', {}).message).toBe('my-evaluator: y')
})

test('an error that is not from core', () => {
  expect(toFailure(new Error('disk full'), 'my-evaluator', {}).message).toBe('my-evaluator: disk full')
  expect(toFailure('odd', 'my-evaluator', {}).message).toBe('my-evaluator: odd')
})

test.for([
  [{}, /Create a key at https:\/\/app\.fireworks\.ai\/settings\/users\/api-keys.*FW_EVALUATOR_UPLOAD=0/],
  [{ CI: 'true' }, /secrets of your CI/],
  [{ CI: 'true', TURBO_HASH: 'x' }, /add FIREWORKS_API_KEY to "passThroughEnv"/],
  [{ TURBO_HASH: '' }, /Create a key/],
] as const)('without a key, in %j', ([env, hint]) => {
  const error = new EvaluatorUploadError('FW_AUTH', 'no API key was found.', { hint: 'as core says it' })
  const { hints } = toFailure(error, 'my-evaluator', env)
  expect(hints).toHaveLength(1)
  expect(hints[0]).toMatch(hint)
})

test("a refused key has core's hint", () => {
  expect(failure('FW_AUTH', 'Refused.', { status: 401, hint: 'Check the key.' }).hints).toEqual([
    'Check the key.',
  ])
})

test('a key that is only in a .env: the hint says that nobody reads it, and how to load it, without its value', async () => {
  const root = await mkdtemp(join(tmpdir(), 'fw-env-'))
  onTestFinished(() => rm(root, { recursive: true }))
  const hints = () => toFailure(new EvaluatorUploadError('FW_AUTH', 'No key.'), 'a', {}, root).hints.join()
  await writeFile(join(root, '.env'), 'FIREWORKS_API_KEY=\n# FIREWORKS_API_KEY=x\n')
  expect(hints()).toContain('Create a key at')
  await writeFile(join(root, '.env.local'), 'A=1\nexport FIREWORKS_API_KEY="fw_secret"\n')
  expect(hints()).toMatch(/is in \.env\.local, which the plugin does not read.*node --env-file=\.env\.local/)
  expect(hints()).not.toContain('fw_secret')
})
