import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { storeOrigins } from './store-origins.ts'

const BASE = 'https://api.example'

async function folder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'fw-origins-'))
  onTestFinished(() => rm(dir, { recursive: true }))
  return dir
}

test('what was remembered is recalled, without the query that is a permission', async () => {
  const dir = await folder()
  const origins = storeOrigins(join(dir, 'deep', 'origins.json'))
  await origins.remember(BASE, 'https://store.example/bucket/o?X-Goog-Signature=abc')
  await origins.remember('https://other.example', 'https://else.example/o')
  expect(await origins.recall(BASE)).toBe('https://store.example')
  expect(await origins.recall('https://other.example')).toBe('https://else.example')
  expect(await origins.recall('https://unknown.example')).toBeUndefined()
  expect(await readdir(join(dir, 'deep'))).toEqual(['origins.json'])
  expect((await stat(join(dir, 'deep', 'origins.json'))).mode & 0o777).toBe(0o600)
})

test.each([
  '',
  '{',
  '[]',
  '{"https://api.example": 7}',
  '{"https://api.example": "http://plain.example"}',
  '{"https://api.example": "x"}',
])('a file with %j in it is no help and no harm', async (text) => {
  const dir = await folder()
  await writeFile(join(dir, 'o.json'), text)
  expect(await storeOrigins(join(dir, 'o.json')).recall(BASE)).toBeUndefined()
})

test('a place that cannot be written is no failure', async () => {
  const dir = await folder()
  await writeFile(join(dir, 'file'), '')
  await expect(
    storeOrigins(join(dir, 'file', 'o.json')).remember(BASE, 'https://s.example/o'),
  ).resolves.toBeUndefined()
})

test('XDG_CACHE_HOME says where it lies', async () => {
  const dir = await folder()
  vi.stubEnv('XDG_CACHE_HOME', dir)
  await storeOrigins().remember(BASE, 'https://s.example/o')
  expect(await readdir(join(dir, 'fw-evaluator'))).toEqual(['store-origins.json'])
})

test('a folder that cannot be made, a relative one and a home that is none stop nobody', async () => {
  const dir = await folder()
  for (const [XDG_CACHE_HOME, HOME] of [
    ['/proc/nope', dir],
    ['relative', dir],
    ['', ''],
    ['', 'relative'],
  ]) {
    vi.stubEnv('XDG_CACHE_HOME', XDG_CACHE_HOME ?? '')
    vi.stubEnv('HOME', HOME ?? '')
    await storeOrigins().remember(BASE, 'https://s.example/o')
    expect(storeOrigins().recall(BASE)).toBe(XDG_CACHE_HOME === 'relative' ? 'https://s.example' : undefined)
  }
  expect(await readdir(join(dir, '.cache', 'fw-evaluator'))).toEqual(['store-origins.json'])
})
