import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { outputOf } from './esbuild-output.ts'

const metafile = (...paths: string[]) => ({ outputs: Object.fromEntries(paths.map((path) => [path, {}])) })

test('the files of the metafile, relative to the folder of esbuild', () => {
  const options = { outdir: 'dist' }
  const outputs = { 'dist/a.js': { entryPoint: 'src/a.ts' }, 'dist/chunk.js': {} }
  const files = ['a.js', 'chunk.js'].map((name) => resolve('/work/dist', name))
  expect(outputOf({ errors: [], metafile: { outputs } }, options, resolve('/work'))).toMatchObject({
    dir: resolve('/work/dist'),
    files: new Map(files.map((file) => [file, undefined])),
    entries: new Map([[resolve('/work/dist/a.js'), resolve('/work/src/a.ts')]]),
    missing: files,
  })
})

test('the folder of outfile', () => {
  expect(
    outputOf({ errors: [], metafile: metafile('out/a.js') }, { outfile: 'out/a.js' }, process.cwd()).dir,
  ).toBe(resolve('out'))
})

test('bytes, if nothing is written', () => {
  const contents = new Uint8Array([1])
  const path = resolve('dist/a.js')
  expect(
    outputOf(
      { errors: [], outputFiles: [{ path, contents }], metafile: metafile('dist/a.js') },
      {},
      process.cwd(),
    ).files,
  ).toEqual(new Map([[path, contents]]))
})

test.for([
  [{ 'index.js': { entryPoint: 'src/index.ts' } }, 'index.js'],
  [{ 'stdin.js': {} }, 'stdin.js'],
] as const)('a name for what would go to stdout: %j', ([outputs, name]) => {
  const outputFiles = [{ path: '<stdout>', contents: new Uint8Array() }]
  expect([
    ...outputOf({ errors: [], outputFiles, metafile: { outputs } }, {}, process.cwd()).files.keys(),
  ]).toEqual([join(process.cwd(), name)])
})
