import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { tar } from '../../test/archives.ts'
import { bench } from '../../test/bench.ts'
import { readArchive } from './read-archive.ts'

const FILES = [
  { path: 'a1/a.py', text: 'x = 1\n' },
  { path: 'a1/requirements.txt', text: '' },
]

test('zeros after the end of an archive are read in linear time', async () => {
  const { dir } = await bench()
  const measured = async (megabytes: number): Promise<number> => {
    const file = join(dir, `${megabytes}.tar.gz`)
    await writeFile(file, gzipSync(Buffer.concat([tar(FILES), Buffer.alloc(megabytes * 1e6)]), { level: 1 }))
    const began = performance.now()
    const { entries } = await readArchive(file)
    expect(entries).toHaveLength(2)
    return performance.now() - began
  }
  const [small, large] = [await measured(7), await measured(60)]
  // Quadratic time would be 64 times as long. Other work on the machine may double the eight.
  expect(Math.min(large, await measured(60)) / Math.max(small, await measured(7))).toBeLessThan(24)
})

test('a plain tar is read like a compressed one', async () => {
  const { dir } = await bench()
  await writeFile(join(dir, 'plain.tar'), tar(FILES))
  await writeFile(join(dir, 'packed.tar.gz'), gzipSync(tar(FILES)))
  const [plain, packed] = await Promise.all(
    ['plain.tar', 'packed.tar.gz'].map((name) => readArchive(join(dir, name))),
  )
  expect(plain?.entries).toEqual(packed?.entries)
})

test('an archive that ends in the middle is refused', async () => {
  const { dir } = await bench()
  const whole = gzipSync(tar([{ path: 'a1/a.py', text: 'x'.repeat(10_000) }]))
  await writeFile(join(dir, 'half.tar.gz'), whole.subarray(0, whole.length - 20))
  await writeFile(
    join(dir, 'half.tar'),
    tar([{ path: 'a1/a.py', text: 'x'.repeat(10_000) }]).subarray(0, 4000),
  )
  for (const name of ['half.tar.gz', 'half.tar']) {
    await expect(readArchive(join(dir, name))).rejects.toMatchObject({ code: 'FW_SOURCE' })
  }
})

test('an abort ends the reading', async () => {
  const { dir } = await bench()
  await writeFile(
    join(dir, 'long.tar.gz'),
    gzipSync(Buffer.concat([tar(FILES), Buffer.alloc(300e6)]), { level: 1 }),
  )
  const controller = new AbortController()
  const reading = readArchive(join(dir, 'long.tar.gz'), { signal: controller.signal })
  setImmediate(() => controller.abort())
  await expect(reading).rejects.toMatchObject({ code: 'FW_ABORTED' })
})

test('the digests include padding that is too long to decompress', async () => {
  const { dir } = await bench()
  const file = join(dir, 'long.tar.gz')
  const bytes = gzipSync(Buffer.concat([tar(FILES), Buffer.alloc(150e6)]), { level: 1 })
  await writeFile(file, bytes)
  const { entries, packedSize, sha256 } = await readArchive(file)
  expect(entries).toHaveLength(2)
  expect({ packedSize, sha256 }).toEqual({
    packedSize: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  })
})
