import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { commonFolder, createFolders, type Folders, holds } from './folders.ts'

const filesOf = async (folders: Folders) => (await folders.written()).flatMap(({ files }) => files).sort()

async function project() {
  const root = await mkdtemp(join(tmpdir(), 'fw-folders-'))
  onTestFinished(() => rm(root, { recursive: true }))
  const dist = join(root, 'dist')
  const write = async (name: string, text = '') => {
    await mkdir(join(dist, name, '..'), { recursive: true })
    await writeFile(join(dist, name), text)
    return join(dist, name)
  }
  return { root, dist, write, folders: createFolders(root) }
}

test('files that others wrote since the start of the build, and nothing older', async () => {
  const { dist, write, folders } = await project()
  await write('old.js', 'old')
  await folders.remember(dist)
  const added = [await write('copied.txt'), await write('deep/sw.js')]
  expect(await filesOf(folders)).toEqual(added)
})

test('a file that was written again counts, although its text and modification time are the same', async () => {
  const { dist, write, folders } = await project()
  const file = await write('rows.json', '[]')
  await utimes(file, 1, 1)
  await folders.remember(dist)
  await rm(file)
  await write('rows.json', '[]')
  await utimes(file, 1, 1)
  expect(await filesOf(folders)).toEqual([file])
})

test('only the first look counts', async () => {
  const { dist, write, folders } = await project()
  await folders.remember(dist)
  const file = await write('a.txt')
  await folders.remember(dist)
  expect(await filesOf(folders)).toEqual([file])
})

test('in the next round of a watcher, files of the last round do not count', async () => {
  const { dist, write, folders } = await project()
  await folders.remember(dist)
  await write('index-1.js')
  folders.nextRound()
  await folders.remember(dist)
  const file = await write('index-2.js')
  expect(await filesOf(folders)).toEqual([file])
})

test('a folder that contains the project is not searched', async () => {
  const { root, folders } = await project()
  await folders.remember(root)
  await folders.remember(join(root, '..'))
  expect(await folders.written()).toEqual([])
})

test('node_modules in an output folder is not searched', async () => {
  const { dist, write, folders } = await project()
  await folders.remember(dist)
  await write('node_modules/a/index.js')
  expect(await filesOf(folders)).toEqual([])
})

test.for([
  [['/a/b'], '/a/b'],
  [['/a/b', '/a/b'], '/a/b'],
  [['/a/b', '/a/c'], '/a'],
  [['/a/b', '/a/bc'], '/a'],
  [['/a/b', '/a/b/c/d'], '/a/b'],
  [['/a', '/b'], '/'],
] as const)('the folder that holds %j is %s', ([folders, expected]) => {
  expect(commonFolder(folders)).toBe(expected)
})

test('holds', () => {
  expect(holds('/a', '/a')).toBe(true)
  expect(holds('/a', '/a/b')).toBe(true)
  expect(holds('/a', '/ab')).toBe(false)
  expect(holds('/', '/a')).toBe(true)
})
