import { expect, test } from 'vitest'
import type { CleanPart, Output } from './build.ts'
import { layOutOutputs, mergeIncluded } from './outputs.ts'

const output = (dir: string, ...names: string[]): Output => ({
  dir,
  files: new Map(names.map((name) => [`${dir}/${name}`, undefined])),
})
const part = (...outputs: Output[]): CleanPart => ({ label: 'x', outputs })
const all = (_path: string) => true
const paths = (parts: CleanPart[], sourceMaps = false, exists = all) => [
  ...layOutOutputs(parts, sourceMaps, exists),
]

test('relative to the output folder', () => {
  expect(paths([part(output('/p/dist', 'a.js', 'assets/b.css'))])).toEqual([
    ['a.js', { path: '/p/dist/a.js' }],
    ['assets/b.css', { path: '/p/dist/assets/b.css' }],
  ])
})

test('with several folders, relative to the one that holds them all', () => {
  const names = (...parts: CleanPart[]) => paths(parts).map(([path]) => path)
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

test('a file outside its output folder widens the folder', () => {
  const outside: Output = { dir: '/p/dist', files: new Map([['/p/types/a.d.ts', undefined]]) }
  expect(paths([part(output('/p/dist', 'a.js'), outside)]).map(([path]) => path)).toEqual([
    'dist/a.js',
    'types/a.d.ts',
  ])
})

test('bytes where nothing is on disk', () => {
  const bytes = new Uint8Array([1])
  expect(
    paths([part({ dir: '/p/dist', files: new Map([['/p/dist/a.js', bytes]]) })], false, () => false),
  ).toEqual([['a.js', bytes]])
})

test('a file that is written twice is one, in its later state', () => {
  const written = (text: string): Output => ({ dir: '/d', files: new Map([['/d/a.js', text]]) })
  expect(paths([part(written('early'), written('late'))])).toEqual([['a.js', 'late']])
})

test('source maps stay out unless asked for; a .map that is none stays in', () => {
  const parts = [part(output('/d', 'a.js', 'a.js.map', 'world.map'))]
  expect(paths(parts).map(([path]) => path)).toEqual(['a.js', 'world.map'])
  expect(paths(parts, true).map(([path]) => path)).toEqual(['a.js', 'a.js.map', 'world.map'])
})

test('a file that another plugin has removed is not missed', () => {
  expect(paths([part(output('/d', 'a.js', 'gone.js'))], false, (path) => path !== '/d/gone.js')).toHaveLength(
    1,
  )
})

test('included files lie at their path from the root', () => {
  expect(
    mergeIncluded(new Map([['a.js', { path: '/p/dist/a.js' }]]), '/p', ['requirements.txt', 'py/b.py']),
  ).toEqual({
    'a.js': { path: '/p/dist/a.js' },
    'requirements.txt': { path: '/p/requirements.txt' },
    'py/b.py': { path: '/p/py/b.py' },
  })
})

test('two files with one path are an error that names both', () => {
  const merge = () => mergeIncluded(new Map([['a.js', { path: '/p/dist/a.js' }]]), '/p', ['a.js'])
  expect(merge).toThrow(expect.objectContaining({ code: 'FW_SOURCE' }))
  expect(merge).toThrow(/a\.js in the archive: \/p\/dist\/a\.js and \/p\/a\.js/)
  expect(() => mergeIncluded(new Map([['a.js', 'text']]), '/p', ['a.js'])).toThrow(
    /the output of the build and \/p\/a\.js/,
  )
})

test('one file that is both output and included is no conflict', () => {
  expect(mergeIncluded(new Map([['a.js', { path: '/p/a.js' }]]), '/p', ['a.js'])).toEqual({
    'a.js': { path: '/p/a.js' },
  })
})
