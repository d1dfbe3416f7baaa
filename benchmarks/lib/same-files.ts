import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { basename, join, relative } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { extract } from 'tar'

/**
 * Unpacks an archive and compares every file with the folder that was packed.
 * @throws Error when a file is missing, there is one too many, or one has other bytes
 */
export async function expectSameFiles(archive: string, dir: string): Promise<void> {
  const target = await mkdtemp(`${archive}-`)
  try {
    await extract({ file: archive, cwd: target, strict: true })
    const [packed, wanted] = await Promise.all([digests(join(target, basename(dir))), digests(dir)])
    for (const [path, digest] of wanted) {
      if (packed.get(path) !== digest) throw new Error(`${archive}: ${path} is not what was packed`)
    }
    if (packed.size !== wanted.size)
      throw new Error(`${archive}: ${packed.size} files in place of ${wanted.size}`)
  } finally {
    await rm(target, { recursive: true, force: true })
  }
}

async function digests(dir: string): Promise<Map<string, string>> {
  const result = new Map<string, string>()
  for (const entry of await readdir(dir, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    const hash = createHash('sha256')
    await pipeline(createReadStream(path), hash)
    result.set(relative(dir, path), hash.digest('hex'))
  }
  return result
}
