import { mkdir, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { type TarEntry, tar } from '../../test/archives.ts'
import { type Bench, SOURCE, steps } from '../../test/bench.ts'
import { uploaded } from '../../test/upload-first.ts'

/** Puts other bytes where the store keeps the archive of my-evaluator, as another client would upload them. */
async function store({ emulator }: Bench, bytes: Buffer): Promise<void> {
  const ask = async (method: string, path: string, body?: unknown): Promise<string> => {
    const response = await fetch(`${emulator.url}/v1/accounts/emulator/evaluators/my-evaluator${path}`, {
      method,
      headers: { authorization: `Bearer ${emulator.apiKey}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    return response.text()
  }
  await ask('PATCH', '?prepareCodeUpload=true', {})
  const answer = await ask('POST', ':getUploadEndpoint', {
    filenameToSize: { 'my-evaluator.tar.gz': String(bytes.length) },
  })
  const url = JSON.parse(answer).filenameToSignedUrls['my-evaluator.tar.gz']
  const headers = {
    'content-type': 'application/octet-stream',
    'x-goog-content-length-range': `${bytes.length},${bytes.length}`,
  }
  const { status } = await fetch(url, { method: 'PUT', body: new Uint8Array(bytes), headers })
  expect(status).toBe(200)
}

const archive = (entries: readonly TarEntry[]): Buffer => gzipSync(tar(entries))

test('what was uploaded comes back, without its top folder, and the md5 is the store’s', async () => {
  const { json, read, emulator, temporaries, dir } = await uploaded()
  const { result, code } = await json(['pull', 'my-evaluator', '-o', 'back/here'])
  expect(code).toBe(0)
  for (const [path, text] of Object.entries(SOURCE)) expect(await read(`back/here/${path}`)).toBe(text)
  const [file] = emulator.evaluators.get('my-evaluator')?.files ?? []
  expect(result).toMatchObject({
    md5: file?.md5,
    files: [{ path: 'requirements.txt' }, { path: 'test_scorer.py' }],
  })
  expect(await readdir(join(dir, 'back'))).toEqual(['here'])
  expect(await temporaries()).toEqual([])
  const stored = emulator.requests.filter(({ step }) => step === 'download').at(-1)
  expect(stored?.headers).not.toHaveProperty('authorization')
})

test('a folder that is not empty stays as it is', async () => {
  const { json, read, write, emulator } = await uploaded()
  await write({ 'full/mine.txt': 'mine' })
  const before = steps(emulator).length
  expect((await json(['pull', 'my-evaluator', '-o', 'full'])).error).toMatchObject({ code: 'FW_SOURCE' })
  expect(await read('full/mine.txt')).toBe('mine')
  expect(steps(emulator)).toHaveLength(before)
})

test('what no upload would send is refused, unless it is allowed; a repository is refused anyway', async () => {
  const made = await uploaded()
  const files = [
    { path: 'e/a.py', text: 'x' },
    { path: 'e/tests/fixtures/id_rsa', text: 'y' },
  ]
  await store(made, archive(files))
  const refused = await made.json(['pull', 'my-evaluator', '-o', 'out'])
  expect(refused).toMatchObject({
    code: 1,
    error: { message: expect.stringContaining('tests/fixtures/id_rsa') },
  })
  expect(await readdir(made.dir)).toEqual(['src'])
  const allow = ['--allow-secret', 'tests/fixtures/**']
  expect((await made.json(['pull', 'my-evaluator', '-o', 'out', ...allow])).ok).toBe(true)
  await store(made, archive([...files, { path: 'e/.git/config', text: 'x' }]))
  expect((await made.json(['pull', 'my-evaluator', '-o', 'again', '--allow-secret', '**'])).ok).toBe(false)
})

test('paths that begin with ./ give the same folder', async () => {
  const made = await uploaded()
  const files = [
    { path: 'e/a.py', text: 'x' },
    { path: 'e/sub/b.py', text: 'y' },
  ]
  await store(made, archive(files))
  expect((await made.json(['pull', 'my-evaluator', '-o', 'plain'])).ok).toBe(true)
  await store(made, archive(files.map((entry) => ({ ...entry, path: `./${entry.path}` }))))
  expect((await made.json(['pull', 'my-evaluator', '-o', 'dotted'])).ok).toBe(true)
  for (const folder of ['plain', 'dotted']) {
    expect((await readdir(join(made.dir, folder), { recursive: true })).sort()).toEqual([
      'a.py',
      'sub',
      'sub/b.py',
    ])
  }
})

test('without --out the folder has the name of the evaluator', async () => {
  const { json, read } = await uploaded()
  expect((await json(['pull', 'my-evaluator'])).ok).toBe(true)
  expect(await read('my-evaluator/requirements.txt')).toBe(SOURCE['requirements.txt'])
})

test('an empty folder is filled', async () => {
  const { json, dir } = await uploaded()
  await mkdir(join(dir, 'empty'))
  expect((await json(['pull', 'my-evaluator', '-o', 'empty'])).ok).toBe(true)
  expect(await readdir(join(dir, 'empty'))).toEqual(['requirements.txt', 'test_scorer.py'])
})

const DANGEROUS: Record<string, TarEntry[]> = {
  'a path that leaves the folder': [{ path: 'e/../../outside.txt', text: 'x' }],
  'an absolute path': [{ path: '/tmp/fw-outside.txt', text: 'x' }],
  'a link out': [
    { path: 'e/link', type: 'SymbolicLink', linkpath: '../../..' },
    { path: 'e/link/x', text: 'x' },
  ],
  'a hard link': [
    { path: 'e/a', text: 'x' },
    { path: 'e/b', type: 'Link', linkpath: '/etc/passwd' },
  ],
  'a pipe': [{ path: 'e/pipe', type: 'FIFO' }],
  'a device': [{ path: 'e/null', type: 'CharacterDevice' }],
  'a repository': [{ path: 'e/.git/config', text: '[core]' }],
  'a repository below': [{ path: 'e/sub/.git/HEAD', text: 'x' }],
  'a file that names a repository': [{ path: 'e/.git', text: 'gitdir: /elsewhere' }],
  'a repository where case does not count': [{ path: 'e/.GIT/config', text: 'x' }],
  'a repository by its short name': [{ path: 'e/GIT~1/config', text: 'x' }],
  'a repository whose name Windows cuts': [{ path: 'e/.git. /config', text: 'x' }],
  'a repository with a stream of NTFS': [{ path: 'e/.git::$INDEX_ALLOCATION/config', text: 'x' }],
  'a repository with a letter that macOS ignores': [{ path: 'e/.g\u200cit/config', text: 'x' }],
  'a repository of Mercurial': [{ path: 'e/.hg/hgrc', text: 'x' }],
  'a Windows path': [{ path: 'e\\..\\..\\x', text: 'x' }],
}

test('an archive with one dangerous entry is refused before anything is unpacked', async () => {
  const made = await uploaded()
  for (const [what, entries] of Object.entries(DANGEROUS)) {
    await store(made, archive([{ path: 'e/fine.txt', text: 'fine' }, ...entries]))
    const { code, error } = await made.json(['pull', 'my-evaluator', '-o', 'out'])
    expect(error, what).toMatchObject({
      code: 'FW_SOURCE',
      message: expect.stringContaining('is not unpacked'),
    })
    expect(code).toBe(1)
    expect(await readdir(made.dir)).toEqual(['src'])
  }
})

test('more than --max-size is refused, packed as well as unpacked', async () => {
  const made = await uploaded()
  const bomb = archive([{ path: 'e/zeros', text: '0'.repeat(3_000_000) }])
  expect(bomb.length).toBeLessThan(10_000)
  await store(made, bomb)
  const pull = (size: string) => made.json(['pull', 'my-evaluator', '-o', 'out', '--max-size', size])
  expect((await pull('1kB')).error?.message).toMatch(/has more than 1000 bytes/)
  expect((await pull('2MB')).error?.message).toMatch(/unpacked it has more than 2000000 bytes/)
  expect(await readdir(made.dir)).toEqual(['src'])
  expect((await pull('4MB')).ok).toBe(true)
})

test('bytes that are not those the store speaks of are fetched again, and refused at last', async () => {
  const { json, emulator, dir } = await uploaded()
  emulator.faults.add({ step: 'download', do: { kind: 'wrong-md5' } })
  expect((await json(['pull', 'my-evaluator', '-o', 'one'])).ok).toBe(true)
  emulator.faults.add({ step: 'download', times: 5, do: { kind: 'wrong-md5' } })
  expect((await json(['pull', 'my-evaluator', '-o', 'two'])).error).toMatchObject({ code: 'FW_INTEGRITY' })
  expect((await readdir(dir)).sort()).toEqual(['one', 'src'])
})

test('a download that breaks off in the middle is begun anew', async () => {
  const { json, emulator } = await uploaded()
  emulator.faults.add({ step: 'download', do: { kind: 'half-body' } })
  expect((await json(['pull', 'my-evaluator', '-o', 'out'])).ok).toBe(true)
})

test('no setuid and nothing that others may write to, whatever the archive says', async () => {
  const made = await uploaded()
  await store(made, archive([{ path: 'e/run.sh', text: 'x', mode: 0o6777 }]))
  await made.json(['pull', 'my-evaluator', '-o', 'out'])
  const { mode } = await stat(join(made.dir, 'out/run.sh'))
  expect(mode & 0o7022).toBe(0)
  expect(mode & 0o100).toBe(0o100)
})
