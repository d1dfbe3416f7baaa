import { execFileSync, fork, spawnSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import * as tar from 'tar'
import { describe, expect, test } from 'vitest'
import { temporaryFolder, temporaryTree, writeTree } from '../../test/test-tree.ts'
import type { FileContent, PackOptions } from '../options.ts'
import type { ProgressEvent } from '../progress.ts'
import type { Archive } from './archive.ts'
import { BLOCK_BYTES, SMALL_BLOCK_BYTES, SMALL_BLOCKS } from './gzip.ts'
import { packSource } from './pack.ts'

async function bytesOf(options: Partial<PackOptions> & Pick<PackOptions, 'source'>): Promise<Buffer> {
  return readBody(await packSource({ evaluatorId: 'my-evaluator', ...options }))
}

function readBody({ body }: Archive): Buffer {
  return 'path' in body ? readFileSync(body.path) : Buffer.from(body.bytes)
}

/** Path → size, digest and whether the owner may execute it; folders only as part of paths. */
function readTree(root: string): Record<string, string> {
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  return Object.fromEntries(
    files.map((entry) => {
      const file = join(entry.parentPath, entry.name)
      const digest = createHash('sha256').update(readFileSync(file)).digest('hex')
      return [relative(root, file), `${digest} ${(statSync(file).mode & 0o111) !== 0}`]
    }),
  )
}

type Unpacker = (file: string, cwd: string) => void | Promise<void>

/** By a command; what it says is a warning, and there must be none. */
function command(name: string, args: (file: string, cwd: string) => string[]): Unpacker {
  return (file, cwd) => {
    const { status, stdout, stderr } = spawnSync(name, args(file, cwd), { encoding: 'utf8' })
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' })
  }
}

const UNPACKERS: Record<string, Unpacker> = {
  'npm tar': (file, cwd) =>
    tar.x({ file, cwd, strict: true, onwarn: (code, message) => expect.fail(`${code}: ${message}`) }),
  'GNU tar': command('tar', (file, cwd) => ['-xzf', file, '-C', cwd]),
  bsdtar: command('bsdtar', (file, cwd) => ['-xzf', file, '-C', cwd]),
  'Python tarfile': command('python3', (file, cwd) => [
    '-W',
    'error',
    '-c',
    'import sys, tarfile; tarfile.open(sys.argv[1]).extractall(sys.argv[2], filter="data")',
    file,
    cwd,
  ]),
}

/** npm's tar is always there; the others are where the machine has them. */
const PROBES: Record<string, [string, string[], RegExp]> = {
  'GNU tar': ['tar', ['--version'], /GNU tar/],
  bsdtar: ['bsdtar', ['--version'], /bsdtar/],
  'Python tarfile': ['python3', ['-c', 'import tarfile; print(tarfile.data_filter)'], /data_filter/],
}
const installed = Object.keys(UNPACKERS).filter((name) => {
  const probe = PROBES[name]
  return !probe || probe[2].test(String(spawnSync(probe[0], probe[1], { encoding: 'utf8' }).stdout))
})

const character = fc.constantFrom(...('abcXYZ019_-. +@=äßñ漢字😀éẞ'.match(/./gu) ?? []))
const name = fc
  .oneof(
    { weight: 8, arbitrary: fc.string({ unit: character, minLength: 1, maxLength: 12 }) },
    { weight: 1, arbitrary: fc.string({ unit: character, minLength: 50, maxLength: 63 }) },
    { weight: 1, arbitrary: fc.integer({ min: 90, max: 255 }).map((length) => 'l'.repeat(length)) },
  )
  .map((text) => (/^\.|^-|[. ]$/.test(text) ? `x${text}x`.slice(0, 255) : text))
const path = fc.array(name, { minLength: 1, maxLength: 5 }).map((names) => names.join('/'))
const size = fc.oneof(fc.constantFrom(0, 1, 511, 512, 513, 1024), fc.nat(70_000))
const file = fc.record({ path, size, isExecutable: fc.boolean() })
/** Paths that no filesystem takes for each other, and none the folder of another. */
const files = fc.uniqueArray(file, {
  minLength: 1,
  maxLength: 8,
  selector: (one) => one.path.split('/')[0]?.normalize('NFC').toLowerCase() ?? '',
})

describe('what unpackers make of it', () => {
  test.each(Object.keys(UNPACKERS))('%s gets back the tree that was packed', async (unpacker) => {
    if (!installed.includes(unpacker)) {
      console.warn(`${unpacker} is not installed here: nothing was tested with it`)
      return
    }
    const base = temporaryFolder()
    let made = 0
    await fc.assert(
      fc.asyncProperty(files, async (list) => {
        const root = join(base, String(made++))
        writeTree(join(root, 'in'), { 'requirements.txt': '' })
        for (const { path, size, isExecutable } of list) {
          const text = 'x1 '.repeat(Math.ceil(size / 3)).slice(0, size)
          writeTree(join(root, 'in'), { [path]: isExecutable ? { executable: text } : text })
        }
        writeFileSync(
          join(root, 'e.tar.gz'),
          await bytesOf({ source: { dir: join(root, 'in'), gitignore: false } }),
        )
        mkdirSync(join(root, 'out'))
        await UNPACKERS[unpacker]?.(join(root, 'e.tar.gz'), join(root, 'out'))
        expect(readdirSync(join(root, 'out'))).toEqual(['my-evaluator'])
        expect(readTree(join(root, 'out', 'my-evaluator'))).toEqual(readTree(join(root, 'in')))
      }),
      { numRuns: 15 },
    )
  })
})

describe('the bytes', () => {
  const BORDERS = [
    SMALL_BLOCK_BYTES,
    SMALL_BLOCKS * SMALL_BLOCK_BYTES,
    SMALL_BLOCKS * SMALL_BLOCK_BYTES + BLOCK_BYTES,
  ]
  const SIZES = [
    0,
    1,
    ...BORDERS.flatMap((border) => [-1025, -1024, -513, -512, -511, 0, 1].map((d) => border + d)),
  ]
  const random = randomBytes(Math.max(...SIZES))
  const KINDS: Record<string, (size: number) => Buffer> = {
    zeros: (size) => Buffer.alloc(size),
    text: (size) => Buffer.alloc(size, 'The quick brown fox jumps over the lazy dog. '),
    'what cannot be compressed': (size) => random.subarray(0, size),
  }
  test.each(Object.keys(KINDS))('hold %s of any size, around the borders of blocks too', async (kind) => {
    for (const size of SIZES) {
      const content = KINDS[kind]?.(size) ?? Buffer.alloc(0)
      const archive = await bytesOf({ source: { files: { 'a.bin': content } } })
      const stream = gunzipSync(archive)
      expect(stream.subarray(512, 512 + size).equals(content)).toBe(true)
      // What does not shrink may not grow by more than the heads of stored blocks.
      expect(archive.length).toBeLessThan(size * 1.001 + 1024)
    }
  })

  test('are these, on every Node and machine', async () => {
    const source = {
      files: {
        'main.py': 'def evaluate():\n  pass\n'.repeat(20_000),
        'dist/scorer.js': Array.from(
          { length: 60_000 },
          (_, i) => `export const x${i} = ${(i * 7919) % 104_729}\n`,
        ).join(''),
        'dist/ä/漢字.bin': Buffer.from(
          Array.from({ length: 300_000 }, (_, i) => (i * i * 31 + (i >> 3)) & 255),
        ),
      },
    }
    const { sha256, size } = await packSource({ evaluatorId: 'golden', source })
    expect({ sha256, size }).toMatchInlineSnapshot(`
      {
        "sha256": "6eaba7b20a7b4204f900021074db7f07ae24af615d6dfe54f2033c008081d8f0",
        "size": 366443,
      }
    `)
  })

  test('do not depend on threads, time zone, umask, locale, working directory or the order of creation', async () => {
    const base = temporaryFolder()
    const names = ['b.py', 'a.py', 'Z/ü.txt', 'Z/a.txt', '\u{1F600}.md', '\uFF5E.md', 'requirements.txt']
    for (const [folder, order] of [
      ['1', names],
      ['2', names.toReversed()],
    ] as const) {
      for (const path of order) writeTree(join(base, folder), { [path]: `${path}\n`.repeat(60_000) })
    }
    const script = `
      const { packSource } = await import(${JSON.stringify(pathToFileURL(join(import.meta.dirname, 'pack.ts')).href)})
      process.umask(Number(process.argv[2]))
      const archive = await packSource({ evaluatorId: 'e', source: process.argv[1] })
      process.stdout.write(archive.sha256)`
    const run = (folder: string, umask: number, env: Record<string, string>): string =>
      execFileSync(process.execPath, ['--input-type=module', '-e', script, folder, String(umask)], {
        cwd: base,
        env: { ...process.env, ...env },
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      })
    const digests = [
      run(join(base, '1'), 0o022, { UV_THREADPOOL_SIZE: '1', TZ: 'UTC', LC_ALL: 'C' }),
      run('2', 0o077, { UV_THREADPOOL_SIZE: '2', TZ: 'Asia/Tokyo', LC_ALL: 'tr_TR.UTF-8' }),
      run('1', 0o000, { UV_THREADPOOL_SIZE: '4', TZ: 'America/St_Johns', LC_ALL: 'de_DE.UTF-8' }),
      run('./2', 0o027, { UV_THREADPOOL_SIZE: '16', TZ: 'Pacific/Chatham' }),
    ]
    expect(digests[0]).toMatch(/^[0-9a-f]{64}$/)
    expect(new Set(digests).size).toBe(1)
  })

  test('are sorted by the bytes of paths, which is not the order of UTF-16', async () => {
    const files = { '\u{1F600}': '', '\uFF5E': '', b: '', 'a/b': '', 'a-b': '', C: '.' }
    const { entries } = await packSource({ evaluatorId: 'e', source: { files } })
    expect(entries.map((entry) => entry.path)).toEqual([
      'C',
      'a-b',
      'a/b',
      'b',
      'requirements.txt',
      '\uFF5E',
      '\u{1F600}',
    ])
  })

  test('bear no time, owner or machine', async () => {
    const bytes = await bytesOf({ source: { files: { a: 'x' } } })
    expect([...bytes.subarray(0, 10)]).toEqual([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255])
    const header = gunzipSync(bytes).subarray(0, 512).toString('latin1')
    expect(header.slice(0, 14)).toBe('my-evaluator/a')
    expect(header.slice(100, 148)).toBe(
      '000644 \0' + '000000 \0' + '000000 \0' + '0000000001 \0' + '3560116604 \0',
    )
    expect(header.slice(265, 329)).toBe('\0'.repeat(64))
  })
})

test('size, sha256 and md5 are those of the archive, and its entries have their sizes', async () => {
  const archive = await packSource({
    evaluatorId: 'e',
    source: { files: { 'a.py': 'ä', b: new Uint8Array(3) } },
  })
  const bytes = readBody(archive)
  expect(archive.size).toBe(bytes.length)
  expect(archive.sha256).toBe(createHash('sha256').update(bytes).digest('hex'))
  expect(archive.md5).toBe(createHash('md5').update(bytes).digest('hex'))
  expect(archive.fileName).toBe('e.tar.gz')
  expect(archive.entries).toEqual([
    { path: 'a.py', size: 2 },
    { path: 'b', size: 3 },
    { path: 'requirements.txt', size: 0 },
  ])
})

test('a requirements.txt that is there is kept', async () => {
  const { entries } = await packSource({ evaluatorId: 'e', source: { files: { 'requirements.txt': 'a' } } })
  expect(entries).toEqual([{ path: 'requirements.txt', size: 1 }])
})

test('progress is told once a MiB at most, with the total at the end', async () => {
  const events: ProgressEvent[] = []
  const source = {
    files: { a: new Uint8Array(5 * BLOCK_BYTES), b: new Uint8Array(10) } satisfies Record<
      string,
      FileContent
    >,
  }
  await packSource({ evaluatorId: 'e', source, onProgress: (event) => events.push(event) })
  expect(events[0]).toEqual({ type: 'start', step: 'pack' })
  expect(events.at(-1)).toMatchObject({ type: 'end', step: 'pack', ms: expect.any(Number) })
  const bytes = events.filter((event) => event.type === 'bytes')
  expect(bytes.length).toBeGreaterThan(2)
  expect(bytes.length).toBeLessThanOrEqual(6)
  expect(bytes.at(-1)).toEqual({
    type: 'bytes',
    step: 'pack',
    done: 5 * BLOCK_BYTES + 10,
    total: 5 * BLOCK_BYTES + 10,
  })
})

test('an onProgress that throws is told of once and stops nothing', async () => {
  const warnings: string[] = []
  const logger = { info() {}, warn: (message: string) => warnings.push(message) }
  const onProgress = (): never => {
    throw new Error('oops')
  }
  const archive = await packSource({ evaluatorId: 'e', source: { files: { a: '' } }, onProgress, logger })
  expect(archive.size).toBeGreaterThan(0)
  expect(warnings).toEqual(['onProgress threw and is not called again: oops'])
})

test('the key in use is refused in a name and in a file, also where blocks meet, and never told', async () => {
  const apiKey = 'fw_3ZsecretKEYofSomebody'
  const across = Buffer.alloc(2 * SMALL_BLOCK_BYTES)
  across.write(apiKey, SMALL_BLOCK_BYTES - 512 - 5)
  const sources: Record<string, Record<string, FileContent>> = {
    'e: src/config.py contains': { 'src/config.py': `KEY = '${apiKey}'` },
    'e: big.bin contains': { 'big.bin': across },
    'e: a-[key].txt, by its name, contains': { [`a-${apiKey}.txt`]: '' },
  }
  for (const [message, files] of Object.entries(sources)) {
    const error = await packSource({ evaluatorId: 'e', source: { files }, apiKey }).catch(
      (cause: unknown) => cause,
    )
    expect(error).toMatchObject({ code: 'FW_SECRET', message: expect.stringContaining(message) })
    expect(JSON.stringify(error) + String(error)).not.toContain(apiKey)
  }
  const dir = temporaryTree({ 'src/key.txt': `\n${apiKey}` })
  await expect(packSource({ evaluatorId: 'e', source: dir, apiKey })).rejects.toMatchObject({
    code: 'FW_SECRET',
  })
  await expect(packSource({ evaluatorId: 'e', source: dir, apiKey: 'fw_another_key' })).resolves.toBeDefined()
})

test.skipIf(process.platform === 'win32')(
  'a path that is too long is told, without its 6000 letters',
  async () => {
    await expect(packSource({ evaluatorId: 'e', source: 'a/'.repeat(3000) })).rejects.toMatchObject({
      code: 'FW_SOURCE',
      message: 'Evaluator e could not be packed: name too long (ENAMETOOLONG).',
    })
  },
)

test.skipIf(process.platform === 'win32')(
  'a working directory that was deleted is told, where it is needed',
  async () => {
    const script = fileURLToPath(new URL('../../test/fixtures/gone-folder.ts', import.meta.url))
    const [told] = await once(fork(script), 'message')
    expect(told).toEqual([
      'Evaluator my-evaluator could not be packed: the working directory does not exist any more.',
      'my-evaluator.tar.gz',
    ])
  },
)
