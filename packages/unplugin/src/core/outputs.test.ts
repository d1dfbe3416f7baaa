import { expect, test } from 'vitest'
import type { EndedPart, Output } from './build.ts'
import { createHost } from './host.ts'
import { resolveOptions } from './options.ts'
import { layOutOutputs, mergeIncluded, outputsOf } from './outputs.ts'

const output = (dir: string, ...names: string[]): Output => ({
  dir,
  files: new Map(names.map((name) => [`${dir}/${name}`, undefined])),
})
const partWith =
  (more: object, isNew = true) =>
  (...outputs: Output[]): EndedPart => {
    const options = resolveOptions(Object.assign({ evaluatorId: 'a' }, more), {})
    if (!options) throw new Error('switched off')
    return { name: 'x', options, host: createHost({ root: '/p' }), outputs, isNew }
  }
const part = partWith({})
const all = (_path: string) => true
const paths = (parts: EndedPart[], exists = all) => [...layOutOutputs(parts, exists).files]
const names = (...parts: EndedPart[]) => paths(parts).map(([path]) => path)

test('relative to the output folder', () => {
  expect(paths([part(output('/p/dist', 'a.js', 'assets/b.css'))])).toEqual([
    ['a.js', { path: '/p/dist/a.js' }],
    ['assets/b.css', { path: '/p/dist/assets/b.css' }],
  ])
})

test('with several folders, relative to their common parent', () => {
  expect(names(part(output('/p/dist/client', 'a.js')), part(output('/p/dist/server', 'a.js')))).toEqual([
    'client/a.js',
    'server/a.js',
  ])
  expect(names(part(output('/p/dist', 'a.js'), output('/p/dist/client', 'b.js')))).toEqual([
    'a.js',
    'client/b.js',
  ])
  expect(names(part(output('/p/dist', 'a.js'), output('/p/distant', 'b.js')))).toEqual([
    'dist/a.js',
    'distant/b.js',
  ])
})

test("what was only generated is nobody's output if anything was written, and a folder that stayed empty is none", () => {
  const written = output('/p/dist', 'a.js')
  const measured: Output = { dir: '/p', files: new Map([['/p/measured.js', 'x']]), inMemory: true }
  expect(names(part(measured, written))).toEqual(['a.js'])
  expect(names(part(measured))).toEqual(['measured.js'])
  expect(outputsOf([part(output('/p'), written)]).map(({ output }) => output)).toEqual([written])
})

test('a file outside its output folder widens the folder', () => {
  const outside: Output = { dir: '/p/dist', files: new Map([['/p/types/a.d.ts', undefined]]) }
  expect(paths([part(output('/p/dist', 'a.js'), outside)]).map(([path]) => path)).toEqual([
    'dist/a.js',
    'types/a.d.ts',
  ])
})

test('bytes, if nothing is on disk', () => {
  const bytes = new Uint8Array([1])
  expect(paths([part({ dir: '/p/dist', files: new Map([['/p/dist/a.js', bytes]]) })], () => false)).toEqual([
    ['a.js', bytes],
  ])
})

test('a file that is written twice counts once, with its later content', () => {
  const written = (text: string): Output => ({ dir: '/d', files: new Map([['/d/a.js', text]]) })
  expect(paths([part(written('early'), written('late'))])).toEqual([['a.js', 'late']])
})

test('source maps are left out by default; another .map file is not', () => {
  const dist = output('/d', 'a.js', 'a.js.map', 'world.map')
  expect(names(part(dist))).toEqual(['a.js', 'world.map'])
  expect(names(partWith({ sourceMaps: true })(dist))).toEqual(['a.js', 'a.js.map', 'world.map'])
})

test('a file that another plugin has removed is not uploaded, with a warning; without one for an earlier build', () => {
  const exists = (path: string) => path !== '/d/gone.js'
  const parts = [part(output('/d', 'a.js', 'gone.js', 'gone.js.map'))]
  expect(paths(parts, exists).map(([path]) => path)).toEqual(['a.js'])
  expect(layOutOutputs(parts, exists).warnings).toEqual([
    'fwEvaluator: /d/gone.js was written and then removed during the build, and does not go up.',
  ])
  const emptied = partWith({}, false)(output('/d', 'a.js', 'gone.js'))
  expect(layOutOutputs([emptied], exists)).toMatchObject({ warnings: [] })
})

test('a file that never existed at the reported path is an error that names it', () => {
  const built = part({ ...output('/d', 'a.js'), missing: ['/d/a.js'] })
  expect(() => layOutOutputs([built], all)).toThrow(expect.objectContaining({ code: 'FW_SOURCE' }))
  expect(() => layOutOutputs([built], all)).toThrow(/wrote \/d\/a\.js for x, but there is no such file/)
})

test("what was only generated is nobody's where anything was written, and is all where nothing was", () => {
  const generated: Output = { dir: '/d', files: new Map([['/d/index.js', 'worker']]), inMemory: true }
  expect(paths([part(generated), part(output('/d', 'index.js'))])).toEqual([
    ['index.js', { path: '/d/index.js' }],
  ])
  expect(paths([part(generated)])).toEqual([['index.js', 'worker']])
})

test('an empty folder does not change the common parent', () => {
  expect(names(part(output('/p/dist'), output('/p/out/lib', 'score.js')))).toEqual(['score.js'])
})

test('the report is not included', () => {
  const reporting = partWith({ report: 'dist/report.json' })
  expect(names(reporting(output('/p/dist', 'a.js', 'report.json')))).toEqual(['a.js'])
})

test.for([
  [['assets/'], ['a.js']],
  [['/assets'], ['a.js']],
  [['./assets/big.txt'], ['a.js', 'assets/keep.txt']],
  [['assets\\\\big.txt'], ['a.js', 'assets/keep.txt']],
  [['**/*.txt'], ['a.js']],
] as const)('exclude %j', ([exclude, left]) => {
  const excluding = partWith({ exclude })
  expect(names(excluding(output('/d', 'a.js', 'assets/big.txt', 'assets/keep.txt')))).toEqual(left)
})

test('an exclude that matches nothing is a warning', () => {
  const excluding = partWith({ exclude: ['a.js', 'nothing/**'] })
  expect(layOutOutputs([excluding(output('/d', 'a.js', 'b.js'))], all).warnings).toEqual([
    'fwEvaluator: exclude names nothing/**, but nothing of the output matches it.',
  ])
})

test('included files keep their path from the root', () => {
  expect(
    mergeIncluded(new Map([['a.js', { path: '/p/dist/a.js' }]]), '/p', ['requirements.txt', 'py/b.py']),
  ).toEqual(
    new Map([
      ['a.js', { path: '/p/dist/a.js' }],
      ['requirements.txt', { path: '/p/requirements.txt' }],
      ['py/b.py', { path: '/p/py/b.py' }],
    ]),
  )
})

test('if two files map to one path, the error names both', () => {
  const merge = () => mergeIncluded(new Map([['a.js', { path: '/p/dist/a.js' }]]), '/p', ['a.js'])
  expect(merge).toThrow(expect.objectContaining({ code: 'FW_SOURCE' }))
  expect(merge).toThrow(/a\.js in the archive: \/p\/dist\/a\.js and \/p\/a\.js/)
  expect(() => mergeIncluded(new Map([['a.js', 'text']]), '/p', ['a.js'])).toThrow(
    /the output of the build and \/p\/a\.js/,
  )
})

test('one file that is both output and included is no conflict', () => {
  expect(mergeIncluded(new Map([['a.js', { path: '/p/a.js' }]]), '/p', ['a.js'])).toEqual(
    new Map([['a.js', { path: '/p/a.js' }]]),
  )
})
