import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createHost } from './host.ts'
import { createInstance, isFailure, refuseDoor, refuseTwins } from './plugin.ts'

const nameOf = (evaluatorId: string, accountId?: string) => createInstance({ evaluatorId, accountId })?.name

test('a name for each evaluator', () => {
  expect(nameOf('a')).toBe('fw-evaluator:a')
  expect(nameOf('a', 'acme')).toBe('fw-evaluator:acme:a')
  expect(nameOf('accounts/acme/evaluators/a', 'acme')).toBe('fw-evaluator:accounts/acme/evaluators/a')
})

test('two plugins for one evaluator are refused, other plugins are ignored', () => {
  const [one, two] = [{ name: 'fw-evaluator:a' }, { name: 'fw-evaluator:b' }]
  const others = [null, undefined, false, 'x', {}, { name: 'vite:css' }, { name: 'vite:css' }]
  expect(() => refuseTwins([one, two, ...others], 'fw-evaluator:a')).not.toThrow()
  expect(() => refuseTwins([one, two, one], 'fw-evaluator:a')).toThrow(
    /the evaluator a is named by two plugins/,
  )
})

test('a failure is recognised by its hints', () => {
  expect(isFailure(Object.assign(new Error('a'), { hints: [] }))).toBe(true)
  expect(isFailure(new Error('a'))).toBe(false)
  expect(isFailure({ hints: [] })).toBe(false)
})

test('a wrong import is an error with the right one', () => {
  expect(() => refuseDoor('Vite', 'in rollup', 'Use another.')).toThrow(
    /plugin for Vite stands in rollup, where it would upload nothing\. Use another/,
  )
})

test('if nothing was written, nothing is uploaded, and the upload is not loaded', async () => {
  const part = createInstance({ evaluatorId: 'nothing', enabled: true })?.open({
    id: 'a',
    name: 'a',
    host: createHost(),
  })
  part?.begin()
  await part?.end(true)
})

test("root may be above the bundler's root, but not outside of the package or repository", async () => {
  const top = await realpath(await mkdtemp(join(tmpdir(), 'fw-root-')))
  onTestFinished(() => rm(top, { recursive: true }))
  const project = join(top, 'packages/one')
  await mkdir(join(project, 'web'), { recursive: true })
  await writeFile(join(project, 'package.json'), '{}')
  const open = (root: string) =>
    createInstance({ evaluatorId: 'rooted', root })?.open({
      id: root,
      name: 'a',
      host: createHost({ root: join(project, 'web') }),
    })
  expect(() => open(project)).not.toThrow()
  expect(() => open(top)).toThrow(/root is .*, outside of .*packages\/one, which holds this project/)
  await mkdir(join(top, '.git'))
  expect(() => open(top)).not.toThrow()
  expect(() => open(join(top, '..'))).toThrow(TypeError)
})

test('a build that is skipped says so once', () => {
  const lines: string[] = []
  const host = { ...createHost(), info: (line: string) => void lines.push(line) }
  const instance = createInstance({ evaluatorId: 'skipped', dryRun: true })
  expect(instance?.skips(host, { isWatch: true })).toBe(true)
  expect(instance?.skips(host, { isWatch: true })).toBe(true)
  expect(instance?.skips(host, {})).toBe(false)
  expect(lines).toEqual([expect.stringContaining('nothing is uploaded in watch mode')])
})
