/**
 * Packs every package that is not private as `changeset publish` would (pnpm turns `workspace:` and `catalog:` into
 * versions), into `dist/`. It has its own build task, so that turbo packs only if something in a tarball has changed.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'

interface Packed {
  name: string
  version: string
  filename: string
  files: { path: string }[]
}

const root = join(import.meta.dirname, '../..')
const target = join(import.meta.dirname, 'dist')
rmSync(target, { recursive: true, force: true })
mkdirSync(target)

const args = ['-r', '--filter', './packages/*', 'pack', '--json', '--pack-destination', target]
const { stdout, status } = spawnSync('pnpm', args, {
  cwd: root,
  encoding: 'utf8',
  stdio: ['ignore', 'pipe', 'inherit'],
  shell: process.platform === 'win32',
})
if (status !== 0) throw new Error(`pnpm pack ended with ${status}: ${stdout}`)

const packed: Packed[] = JSON.parse(stdout)
const index = packed.map(({ name, version, filename, files }) => ({
  name,
  version,
  file: basename(filename),
  files: files.map(({ path }) => path),
}))
writeFileSync(join(target, 'index.json'), JSON.stringify(index, null, 2))
for (const { name, files } of index) console.log(`${name.padEnd(24)} ${files.length} files`)
