import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { Tool } from './tool.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const PACKAGES = ['evaluator-core', 'scorer', 'unplugin', 'vite-plugin', 'esbuild-plugin', 'cli', 'emulator']
const OPTIONS =
  '{ evaluatorId: process.env.EVALUATOR_ID, evaluator: { entryPoint: false }, enabled: process.env.INSIST ? true : undefined }'
/** As in a user's project: git ignores what is built, and there are files of the app. */
const APP = {
  '.gitignore': 'node_modules\ndist\nbuild\nout\n.output\n.next\n',
  'public/public.txt': 'a file of the app\n',
}

/** Every version that this lane was seen to work with, by tool. */
const versions: Record<string, Record<string, string>> = JSON.parse(
  readFileSync(join(import.meta.dirname, 'versions.json'), 'utf8'),
)

function npm(cwd: string, args: readonly string[]): void {
  const { status } = spawnSync('npm', args, {
    cwd,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  })
  if (status !== 0) throw new Error(`npm ${args[0]} failed in ${cwd}`)
}

/** Packs what would be published, as a user would install it. */
export function packOurs(folder: string): string[] {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  for (const name of PACKAGES) {
    const { status, stderr } = spawnSync('pnpm', ['pack', '--pack-destination', folder], {
      cwd: join(ROOT, 'packages', name),
      encoding: 'utf8',
      shell: process.platform === 'win32',
    })
    if (status !== 0) throw new Error(`${name} could not be packed: ${stderr}`)
  }
  return readdirSync(folder).map((file) => join(folder, file))
}

/** Writes files into a folder; `OURS` in a text becomes the plugin's options. */
export function writeAll(dir: string, files: Tool['files']): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true })
    writeFileSync(join(dir, path), text.replaceAll('OURS', OPTIONS))
  }
}

/** A small project with the tool at its recorded versions, and our packages. */
export function createProject(dir: string, { name, files }: Tool, ours: readonly string[]): void {
  // Of a run before, only what was installed is of use.
  const stale = readdirSync(dir).filter((name) => name !== 'node_modules')
  for (const name of stale) rmSync(join(dir, name), { recursive: true })
  writeAll(dir, { ...APP, ...files })
  spawnSync('git', ['init', '--quiet'], { cwd: dir })
  const pinned = Object.entries(versions[name.split(',')[0] ?? ''] ?? {})
  if (pinned.length === 0) throw new Error(`versions.json has no versions for ${name}`)
  npm(dir, [
    'install',
    ...['--ignore-scripts', '--no-audit', '--no-fund', '--no-save', '--loglevel=error'],
    ...pinned.map(([pkg, version]) => `${pkg}@${version}`),
    ...ours,
  ])
}
