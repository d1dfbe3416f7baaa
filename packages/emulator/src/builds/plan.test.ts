import { expect, test } from 'vitest'
import type { Build } from '../state/state.ts'
import { ArchiveFault } from './archive-check.ts'
import { planBuild } from './plan.ts'

function plan(files: Record<string, string>, entryPoint = ''): Build {
  const texts = new Map(Object.entries({ 'requirements.txt': '', ...files }))
  return planBuild({ top: 'top', files: [...texts.keys()], texts }, { entryPoint })
}

test('requirements of the evaluator are installed with those of the archive', () => {
  const archive = { top: 'top', files: [], texts: new Map([['requirements.txt', 'a\n']]) }
  expect(planBuild(archive, { requirements: 'b\n' }).log).toContain('Installing 2 requirements')
  expect(planBuild(archive, { requirements: '=1\n' })).toMatchObject({ result: 'fails' })
})

test('a source without errors', () => {
  const build = plan(
    { 'a.py': 'def score(row): ...', 'requirements.txt': 'numpy  # fast\n\n./local\n-e .\n' },
    'a.py::score',
  )
  expect(build).toMatchObject({ result: 'succeeds', message: 'Template built successfully' })
  expect(build.log).toContain('Installing 3 requirements')
})

test.each([
  ['a.py::score', { 'a.py': 'def score(row): ...' }],
  ['./a.py::score', { 'a.py': 'from b import score' }],
  ['pkg.a::score', { 'pkg/a.py': 'score = make()' }],
  ['pkg::score', { 'pkg/__init__.py': 'async def score(): ...' }],
])('the entry point %s is found', (entryPoint, files) => {
  expect(plan(files, entryPoint).result).toBe('succeeds')
})

test.each<[string, string, RegExp]>([
  ['a file that is not there', 'b.py::score', /file b\.py is not in the archive/],
  ['a module that is not there', 'pkg.b::score', /file pkg\/b\.py or pkg\/b\/__init__\.py/],
  ['no function', 'a.py', /not of the form/],
  ['no file', '::score', /not of the form/],
])('an entry point with %s is refused before the build', (_, entryPoint, message) => {
  expect(() => plan({ 'a.py': '' }, entryPoint)).toThrow(ArchiveFault)
  expect(() => plan({ 'a.py': '' }, entryPoint)).toThrow(message)
})

test.each<[string, Record<string, string>, string]>([
  ['the marker', { 'data.txt': 'x\n# emulator: fail build\n' }, 'data.txt:2: asked to fail'],
  ['a function that is nowhere in its file', { 'a.py': 'def scorer(): ...' }, "has no attribute 'score'"],
  ['a left-over merge conflict', { 'a.py': 'score\n<<<<<<< HEAD\n' }, 'line 2: SyntaxError'],
  [
    'a requirement that is none',
    { 'a.py': 'score', 'requirements.txt': '==1.0\n' },
    'Invalid requirement: "==1.0"',
  ],
])('the build fails on %s', (_, files, log) => {
  const build = plan({ 'a.py': 'score', ...files }, 'a.py::score')
  expect(build.result).toBe('fails')
  expect(build.log).toContain(log)
})
