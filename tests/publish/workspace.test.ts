import { glob, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'

const root = join(import.meta.dirname, '../..')

interface Settings {
  packages: string[]
  allowBuilds: Record<string, boolean>
  [setting: string]: unknown
}

const settings: Settings = parse(await readFile(join(root, 'pnpm-workspace.yaml'), 'utf8'))

test('pnpm is strict about peers, the age and source of a release, and install scripts', () => {
  expect(settings).toMatchObject({
    strictPeerDependencies: true,
    blockExoticSubdeps: true,
    catalogMode: 'strict',
    saveWorkspaceProtocol: true,
  })
  expect(settings.minimumReleaseAge).toBeGreaterThanOrEqual(24 * 60)
  const mayBuild = Object.entries(settings.allowBuilds).filter(([, isAllowed]) => isAllowed)
  expect(mayBuild.map(([name]) => name).sort()).toEqual(['esbuild', 'node'])
})

test('every version is written once, in a catalog', async () => {
  const patterns = settings.packages.filter((pattern) => !pattern.startsWith('!'))
  const excluded = settings.packages
    .filter((pattern) => pattern.startsWith('!'))
    .map((pattern) => pattern.slice(1))
  const manifests = ['package.json', ...patterns.map((pattern) => `${pattern}/package.json`)]
  for await (const path of glob(manifests, { cwd: root, exclude: excluded })) {
    const { dependencies, devDependencies } = JSON.parse(await readFile(join(root, path), 'utf8'))
    for (const [name, range] of Object.entries({ ...dependencies, ...devDependencies }))
      expect(range, `${name} in ${path}`).toMatch(/^(catalog:\w*|workspace:\*)$/)
  }
})

// A formatter of Markdown takes the lines before `---` for a heading, and then `changeset version` fails.
test('every changeset names its packages in a frontmatter', async () => {
  const folder = join(root, '.changeset')
  const broken: string[] = []
  for await (const file of glob('*.md', { cwd: folder })) {
    const text = await readFile(join(folder, file), 'utf8')
    if (file !== 'README.md' && !/^---\n+(["']@fw\/[\w-]+["']: (patch|minor|major)\n+)+---\n+\S/.test(text))
      broken.push(file)
  }
  expect(broken).toEqual([])
})
