import { expect, test, vi } from 'vitest'
import { commonFolder, holds } from './folders.ts'
import { createHost } from './host.ts'
import { resolveOptions } from './options.ts'
import { layOutOutputs, mergeIncluded } from './outputs.ts'

vi.mock('node:path', async (original) => {
  const { win32 } = await original<typeof import('node:path')>()
  return { ...win32, default: win32 }
})

const options = resolveOptions({ evaluatorId: 'a' }, {})
const part = (...outputs: [dir: string, ...files: string[]][]) => ({
  name: 'part',
  options: options ?? expect.fail('switched off'),
  host: createHost({ root: 'C:\\p' }),
  isNew: true,
  outputs: outputs.map(([dir, ...files]) => ({
    dir,
    files: new Map(files.map((file) => [`${dir}\\${file}`, undefined])),
  })),
})

const namesOf = (...outputs: [dir: string, ...files: string[]][]) => [
  ...layOutOutputs([part(...outputs)], () => true).files.keys(),
]

test.for([
  [['C:\\p\\dist'], 'C:\\p\\dist'],
  [['C:\\p\\dist\\client', 'C:\\p\\dist\\server'], 'C:\\p\\dist'],
  [['C:\\p\\dist', 'C:\\p\\dist2'], 'C:\\p'],
  [['C:\\p', 'C:\\q'], 'C:\\'],
  [['\\\\server\\share\\a', '\\\\server\\share\\b'], '\\\\server\\share\\'],
  [['C:\\p\\dist', 'c:\\P\\dist\\client'], 'C:\\p\\dist'],
] as const)('the folder that holds %j is %s', ([folders, expected]) => {
  expect(commonFolder(folders)).toBe(expected)
})

test.for([
  ['C:\\p', 'C:\\p', true],
  ['C:\\p', 'C:\\p\\a', true],
  ['C:\\p', 'c:\\p\\a', true],
  ['C:\\', 'C:\\a', true],
  ['C:\\p', 'C:\\pa', false],
  ['C:\\p', 'C:\\p\\..a', true],
  ['C:\\p', 'D:\\p\\a', false],
  ['C:\\p', 'C:\\', false],
] as const)('%s holds %s: %s', ([folder, path, expected]) => {
  expect(holds(folder, path)).toBe(expected)
})

test('paths in the archive have slashes, and are relative to the common parent', () => {
  expect(namesOf(['C:\\p\\dist', 'a.js', 'assets\\b.css'])).toEqual(['a.js', 'assets/b.css'])
  expect(namesOf(['C:\\p\\dist\\client', 'a.js'], ['c:\\p\\dist\\server', 'b.js'])).toEqual([
    'client/a.js',
    'server/b.js',
  ])
})

test('an included file that is also output counts once, with any spelling of its path', () => {
  const outputs = new Map([['py/b.py', { path: 'C:\\p\\py\\b.py' }]])
  expect(mergeIncluded(outputs, 'C:\\p', ['py/b.py'])).toEqual(
    new Map([['py/b.py', { path: 'C:\\p\\py\\b.py' }]]),
  )
})
