import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { archiveStream } from './archive-stream.ts'

const MIB = 1024 * 1024
const sha = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

async function file(bytes: Uint8Array): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'fw-stream-'))
  onTestFinished(() => rm(dir, { recursive: true }))
  const path = join(dir, 'a.tar.gz')
  await writeFile(path, bytes)
  return path
}

test.each([1, MIB - 1, MIB, MIB + 1, 3 * MIB, 3 * MIB + 7])(
  '%i bytes, from memory and from a file',
  async (size) => {
    const bytes = randomBytes(size)
    for (const body of [{ bytes }, { path: await file(bytes) }]) {
      const told: number[] = []
      const hash = createHash('sha256')
      for await (const chunk of archiveStream({ body, size }, (done) => told.push(done))) {
        // A slow reader: a buffer that is used again too early would change under it.
        await setImmediate()
        hash.update(chunk)
      }
      expect(hash.digest('hex')).toBe(sha(bytes))
      expect(told.at(-1)).toBe(size)
      expect(told.length).toBe(Math.ceil(size / MIB))
    }
  },
)

test('a file that is cut short while it is sent is an error, not half an archive', async () => {
  const path = await file(randomBytes(3 * MIB))
  const stream = archiveStream({ body: { path }, size: 3 * MIB }, () => {})
  await truncate(path, MIB)
  const read = async () => {
    for await (const _ of stream) await setImmediate()
  }
  await expect(read()).rejects.toMatchObject({
    code: 'FW_SOURCE',
    message: expect.stringContaining('cut short'),
  })
})
