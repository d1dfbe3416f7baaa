import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { noise, prose, seeded } from './random.ts'

/** A folder that is packed. */
export interface Corpus {
  /** `57 MB in 2,000 files` */
  readonly name: string
  /** Its last part is the archive's top folder, and so the evaluator's id. */
  readonly dir: string
  readonly files: number
  readonly bytes: number
}

interface Wanted {
  readonly name: string
  readonly files: number
  readonly bytes: number
}

const SEED = 20261123
const POOL_BYTES = 4 * 1024 * 1024
const MAX_SLICE_BYTES = 16 * 1024
const NOISE_SHARE = 0.1
const FILES_PER_FOLDER = 100

/**
 * Writes a made-up project below `parent`: source code, and every tenth file something that is compressed already.
 * The same on every machine. Has a requirements.txt, which core would add.
 */
export async function makeCorpus(parent: string, { name, files, bytes }: Wanted): Promise<Corpus> {
  const random = seeded(SEED)
  const pools = { code: prose(POOL_BYTES, random), noise: noise(POOL_BYTES, random) }
  const dir = join(parent, `corpus-${files}-${Math.round(bytes / 1e6)}`)
  await write(join(dir, 'requirements.txt'), ['eval-protocol\n'])
  let total = 'eval-protocol\n'.length
  for (let index = 1; index < files; index++) {
    const isNoise = random() < NOISE_SHARE
    // From a half to three halves of the mean, and exact in sum.
    const mean = (bytes - total) / (files - index)
    const size = index === files - 1 ? bytes - total : Math.round(mean * (0.5 + random()))
    const folder = `part-${Math.floor(index / FILES_PER_FOLDER)}`
    const path = join(dir, folder, `module-${index}.${isNoise ? 'bin' : 'js'}`)
    await write(path, slices(isNoise ? pools.noise : pools.code, size, random))
    total += size
  }
  return { name, dir, files, bytes: total }
}

/** Pieces from anywhere in the pool: it is far larger than what a compressor looks back. */
function slices(pool: Buffer, size: number, random: () => number): Buffer[] {
  const pieces: Buffer[] = []
  for (let left = size; left > 0; ) {
    const length = Math.min(left, Math.ceil(random() * MAX_SLICE_BYTES))
    const from = Math.floor(random() * (pool.length - length))
    pieces.push(pool.subarray(from, from + length))
    left -= length
  }
  return pieces
}

async function write(path: string, pieces: readonly (Buffer | string)[]): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, pieces)
}
