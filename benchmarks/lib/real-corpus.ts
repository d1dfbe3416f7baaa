import { copyFile, mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { packEvaluator } from '@fw/evaluator-core'
import type { Corpus } from './corpus.ts'

const INSTALLED = fileURLToPath(new URL('../../node_modules/.pnpm', import.meta.url))

const MAX_FILE_BYTES = 4e6

/**
 * Real files: what is installed in the workspace, links not followed. Copied under other names, since core leaves out
 * folders called node_modules, and tar would store a hard link as a link.
 */
export async function copyInstalled(parent: string, maxBytes: number): Promise<Corpus> {
  const dir = join(parent, 'corpus-installed')
  const found = await readdir(INSTALLED, { recursive: true, withFileTypes: true })
  const files: { path: string; size: number }[] = []
  for (const entry of found) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    const { size } = await stat(path)
    // Bundlers written in Rust and Go bring binaries as large as all the rest.
    if (size < MAX_FILE_BYTES) files.push({ path, size })
  }
  // Every nth, so that all packages are there and not only those with an A.
  const step = Math.ceil(files.reduce((sum, { size }) => sum + size, 0) / maxBytes)
  const paths = files.map(({ path }) => path).sort()
  await mkdir(dir, { recursive: true })
  await writeFile(join(dir, 'requirements.txt'), 'eval-protocol\n')
  for (const path of paths.filter((_, index) => index % step === 0)) {
    const target = join(dir, relative(INSTALLED, path).split(sep).map(rename).join(sep))
    await mkdir(dirname(target), { recursive: true })
    await copyFile(path, target)
  }
  return withoutRefused(dir)
}

function rename(segment: string): string {
  return segment === 'node_modules' ? 'modules' : segment
}

/** Removes what core never packs (caches, keys), so that all tools pack the same. */
async function withoutRefused(dir: string): Promise<Corpus> {
  const archive = await packEvaluator({ evaluatorId: 'corpus-installed', source: { dir, gitignore: false } })
  await archive.dispose()
  const packed = new Set(archive.entries.map(({ path }) => path))
  const found = await readdir(dir, { recursive: true, withFileTypes: true })
  for (const entry of found) {
    const path = join(entry.parentPath, entry.name)
    if (entry.isFile() && !packed.has(relative(dir, path).split(sep).join('/'))) await rm(path)
  }
  const bytes = archive.entries.reduce((sum, { size }) => sum + size, 0)
  const name = `${Math.round(bytes / 1e6)} MB of installed packages, ${packed.size.toLocaleString('en')} files`
  return { name, dir, files: packed.size, bytes }
}
