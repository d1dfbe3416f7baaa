import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { installTarballs } from './harness/consumer.ts'
import { testFolder } from './harness/folder.ts'
import { useRegistry } from './harness/use-registry.ts'

const MEBIBYTE = 1024 * 1024
const CORE_LIMIT_BYTES = 8 * MEBIBYTE
const CORE_LIMIT_PACKAGES = 16
// Vite's and esbuild's plugin are one file each, all others share one; each has its part of unplugin inside.
const FACE_LIMIT_BYTES = 320_000
/** Unplugin and its dependencies: our package exports an instance of it, with its types. */
const UNPLUGIN_PACKAGES = 8
const BLOCK_BYTES = 512

const home = useRegistry('size')

interface Installed {
  readonly name: string
  /** Size in whole blocks, like `du`. */
  readonly onDisk: number
  /** Size in bytes, like `ls`. */
  readonly bytes: number
}

async function sizeOf(folder: string): Promise<{ onDisk: number; bytes: number }> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const stats = await Promise.all(
    [folder, ...entries.map(({ parentPath, name }) => join(parentPath, name))].map((path) => lstat(path)),
  )
  return {
    onDisk: stats.reduce((sum, { blocks, size }) => sum + (blocks ? blocks * BLOCK_BYTES : size), 0),
    bytes: stats.reduce((sum, stat) => sum + (stat.isFile() ? stat.size : 0), 0),
  }
}

/** Every package below a node_modules of npm, also nested ones. */
async function installedIn(folder: string): Promise<Installed[]> {
  const found = await readdir(folder, { recursive: true })
  const names = found
    .map((path) => path.replaceAll('\\', '/'))
    .map((path) => /^((?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/@.][^/]*)\/package\.json$/.exec(path)?.[1])
    .filter((path) => path !== undefined)
  return Promise.all(
    names.map(async (name) => ({
      name: name.replace(/^node_modules\//, ''),
      ...(await sizeOf(join(folder, name))),
    })),
  )
}

const kB = (bytes: number) => `${(bytes / 1000).toFixed(1)} kB`.padStart(11)

test(`core with all its dependencies takes at most ${CORE_LIMIT_BYTES / MEBIBYTE} MiB and ${CORE_LIMIT_PACKAGES} packages`, async () => {
  const folder = testFolder('size-core')
  await installTarballs(home.registry, folder, ['@fw/evaluator-core'])
  const installed = (await installedIn(folder)).sort((a, b) => b.onDisk - a.onDisk)
  const onDisk = installed.reduce((sum, item) => sum + item.onDisk, 0)
  const bytes = installed.reduce((sum, item) => sum + item.bytes, 0)
  const rows = installed.map((item) => `  ${item.name.padEnd(24)}${kB(item.onDisk)} on disk${kB(item.bytes)}`)
  console.log(
    `${rows.join('\n')}\n  ${`${installed.length} packages`.padEnd(24)}${kB(onDisk)} on disk${kB(bytes)}`,
  )
  expect(installed.map(({ name }) => name)).toContain('@fw/evaluator-core')
  expect(installed.length).toBeLessThanOrEqual(CORE_LIMIT_PACKAGES)
  expect(onDisk).toBeLessThanOrEqual(CORE_LIMIT_BYTES)
})

const ours = (face: string) => [face, '@fw/evaluator-unplugin', '@fw/evaluator-scorer']

test.each(['@fw/vite-plugin', '@fw/esbuild-plugin'])(
  `%s adds to core only itself, our unplugin and the scorer, below ${FACE_LIMIT_BYTES / 1000} kB together`,
  async (face) => {
    const folder = testFolder('size-face')
    await installTarballs(home.registry, folder, [...ours(face), '@fw/evaluator-core'])
    const installed = await installedIn(folder)
    const own = installed.filter(({ name }) => ours(face).includes(name))
    console.log(own.map(({ name, bytes }) => `  ${name.padEnd(24)}${kB(bytes)}`).join('\n'))
    expect(own).toHaveLength(3)
    expect(own.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThan(FACE_LIMIT_BYTES)
    expect(installed.length).toBeLessThanOrEqual(CORE_LIMIT_PACKAGES + 3 + UNPLUGIN_PACKAGES)
  },
)
