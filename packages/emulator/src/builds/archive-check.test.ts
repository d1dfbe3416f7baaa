import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { create } from 'tar'
import { expect, test } from 'vitest'
import { type RawEntry, tarBall, tarGz } from '../testing/tar-gz.ts'
import { ArchiveFault, type CheckedArchive, checkArchive } from './archive-check.ts'

function check(bytes: Uint8Array): Promise<CheckedArchive> {
  return checkArchive(Readable.from([Buffer.from(bytes)]))
}

const requirements: RawEntry = { path: 'top/requirements.txt', content: 'numpy\n' }

test('a good archive: its folder, its files, their texts', async () => {
  const { top, files, texts } = await check(tarGz([{ path: 'top/', type: 'Directory' }, requirements]))
  expect({ top, files, texts: [...texts] }).toEqual({
    top: 'top',
    files: ['requirements.txt'],
    texts: [['requirements.txt', 'numpy\n']],
  })
})

test('long and non-ASCII names, as tar writes them with PAX headers', async () => {
  const path = `top/${'long/'.repeat(40)}ä – ☃.py`
  const { files } = await check(await packedWithPax({ [path]: 'x', 'top/requirements.txt': '' }))
  expect(files).toContain(path.slice(4))
})

test('links that stay inside', async () => {
  const archive = tarGz([
    requirements,
    { path: 'top/a/link', type: 'SymbolicLink', linkpath: '../requirements.txt' },
    { path: 'top/hard', type: 'Link', linkpath: 'top/requirements.txt' },
  ])
  expect((await check(archive)).files).toEqual(['requirements.txt'])
})

test.each<[string, Uint8Array, RegExp]>([
  ['no gzip', tarBall([requirements]), /can't be read/],
  ['no tar', gzipSync('not a tar, but long enough'.repeat(100)), /can't be read/],
  ['a gzip cut off', tarGz([requirements]).subarray(0, 60), /can't be read/],
  [
    'a tar cut off',
    gzipSync(tarBall([{ path: 'top/a', content: 'x'.repeat(5000) }]).subarray(0, 2048)),
    /can't be read/,
  ],
  ['nothing in it', tarGz([]), /empty|can't be read/],
  ['two top folders', tarGz([requirements, { path: 'other/a' }]), /one top folder, but it has 2: top, other/],
  ['files beside each other', tarGz([{ path: 'requirements.txt' }, { path: 'a.py' }]), /one top folder/],
  ['one file and no folder', tarGz([{ path: 'requirements.txt' }]), /is not a folder/],
  ['no requirements.txt', tarGz([{ path: 'top/a.py' }]), /no requirements\.txt/],
  ['requirements.txt too deep', tarGz([{ path: 'top/a/requirements.txt' }]), /no requirements\.txt/],
  ['an absolute path', tarGz([requirements, { path: '/etc/passwd' }]), /not safe/],
  ['a path that climbs', tarGz([requirements, { path: 'top/../../x' }]), /not safe/],
  ['a backslash', tarGz([requirements, { path: 'top/a\\b' }]), /not safe/],
  ['a drive', tarGz([requirements, { path: 'C:/x' }]), /not safe/],
  [
    'a link that leads out',
    tarGz([requirements, { path: 'top/l', type: 'SymbolicLink', linkpath: '../../x' }]),
    /leads out/,
  ],
  [
    'an absolute link',
    tarGz([requirements, { path: 'top/l', type: 'SymbolicLink', linkpath: '/top/x' }]),
    /leads out/,
  ],
  [
    'a hard link that leads out',
    tarGz([requirements, { path: 'top/l', type: 'Link', linkpath: 'x' }]),
    /leads out/,
  ],
  [
    'a device',
    tarGz([requirements, { path: 'top/d', type: 'CharacterDevice' }]),
    /is not a file, folder or link/,
  ],
  ['a pipe', tarGz([requirements, { path: 'top/f', type: 'FIFO' }]), /is not a file, folder or link/],
])('%s is refused', async (_, bytes, message) => {
  const error: unknown = await check(bytes).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(ArchiveFault)
  expect(String(error)).toMatch(message)
})

/** Packed from a real folder, by tar itself. */
async function packedWithPax(files: Record<string, string>): Promise<Uint8Array> {
  const { mkdtemp, mkdir, rm, writeFile } = await import('node:fs/promises')
  const { dirname, join } = await import('node:path')
  const { tmpdir } = await import('node:os')
  const dir = await mkdtemp(join(tmpdir(), 'archive-check-'))
  try {
    for (const [path, content] of Object.entries(files)) {
      await mkdir(join(dir, dirname(path)), { recursive: true })
      await writeFile(join(dir, path), content)
    }
    const chunks: Buffer[] = []
    for await (const chunk of create({ gzip: true, cwd: dir }, ['top'])) chunks.push(Buffer.from(chunk))
    return Buffer.concat(chunks)
  } finally {
    await rm(dir, { recursive: true })
  }
}

test('megabytes of padding after the archive cost only their decompression', async () => {
  const padded = gzipSync(Buffer.concat([tarBall({ 'my-eval/requirements.txt': '' }), Buffer.alloc(40e6)]))
  const started = process.cpuUsage()
  expect(await check(padded)).toMatchObject({ files: ['requirements.txt'] })
  const { user, system } = process.cpuUsage(started)
  // It took half a minute when the parser got the padding.
  expect((user + system) / 1e6).toBeLessThan(5)
})
