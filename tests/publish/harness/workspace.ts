import { cp, glob, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type Ran, run, runGood } from './exec.ts'

const root = join(import.meta.dirname, '../../..')
const changeset = [process.execPath, join(import.meta.dirname, '../node_modules/@changesets/cli/bin.js')]

/** The files that a release reads and writes: all manifests, and the files in the tarballs. */
const patterns = [
  'package.json',
  'pnpm-workspace.yaml',
  'pnpm-lock.yaml',
  'LICENSE',
  '.changeset/config.json',
  '{packages,examples,tests}/*/package.json',
  '{openapi,pages,tests,benchmarks}/package.json',
  'packages/*/*.{md,schema.json}',
  'packages/*/dist',
]

export type Bump = 'major' | 'minor' | 'patch'

/** A copy of the workspace after `pnpm build`, with its own git repository. */
export async function copyWorkspace(folder: string, npmrc: string): Promise<void> {
  for await (const path of glob(patterns, { cwd: root })) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await cp(join(root, path), join(folder, path), { recursive: true })
  }
  await writeFile(join(folder, '.npmrc'), npmrc)
  await writeFile(join(folder, '.gitignore'), 'node_modules/\n')
  await git(folder, 'init', '-q', '-b', 'main')
  for (const [name, value] of Object.entries(CONFIG)) await git(folder, 'config', name, value)
  await commit(folder, 'Start')
}

/** Set in the repository, because changesets creates the tags, and a new machine has no git user. */
const CONFIG = {
  'user.name': 'releaser',
  'user.email': 'releaser@localhost',
  'commit.gpgsign': 'false',
  'tag.gpgsign': 'false',
}

async function git(folder: string, ...args: string[]): Promise<string> {
  return runGood(['git', ...args], folder)
}

async function commit(folder: string, message: string): Promise<void> {
  await git(folder, 'add', '.')
  await git(folder, 'commit', '-q', '-m', message)
}

/** Adds a changeset, then lets changesets write versions and changelogs. Returns the version of all packages. */
export async function version(folder: string, bump: Bump, summary: string): Promise<string> {
  const file = join(folder, '.changeset/of-this-test.md')
  await writeFile(file, `---\n"@fw/evaluator-core": ${bump}\n---\n\n${summary}\n`)
  await runGood([...changeset, 'version'], folder)
  await rm(file, { force: true })
  await commit(folder, summary)
  const versions = new Set<string>()
  for await (const path of glob('packages/*/package.json', { cwd: folder })) {
    const manifest: { version: string } = JSON.parse(await readFile(join(folder, path), 'utf8'))
    versions.add(manifest.version)
  }
  if (versions.size !== 1) throw new Error(`packages have several versions: ${[...versions].join(', ')}`)
  return [...versions].join()
}

export async function enterPrerelease(folder: string, tag: string): Promise<void> {
  await runGood([...changeset, 'pre', 'enter', tag], folder)
}

/** Runs `changeset publish`, whose exit code is not 0 if a package fails. */
export function publish(folder: string): Promise<Ran> {
  return run([...changeset, 'publish'], folder)
}

export async function tags(folder: string): Promise<string[]> {
  return (await git(folder, 'tag')).split('\n').filter(Boolean)
}
