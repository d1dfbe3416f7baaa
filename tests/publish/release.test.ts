import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Emulator, startEmulator } from '@fw/evaluator-emulator'
import semver from 'semver'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import { poison, publishPoison } from './harness/poison.ts'
import { hidden } from './harness/recorded.ts'
import { startRegistry } from './harness/registry.ts'
import { installAndBuild, managers } from './harness/stranger.ts'
import { useRegistry } from './harness/use-registry.ts'
import { copyWorkspace, enterPrerelease, publish, tags, version } from './harness/workspace.ts'

const names = [
  '@fw/esbuild-plugin',
  '@fw/evaluator-cli',
  '@fw/evaluator-core',
  '@fw/evaluator-emulator',
  '@fw/evaluator-scorer',
  '@fw/evaluator-unplugin',
  '@fw/vite-plugin',
]
const home = useRegistry('release', async (registry, folder) => {
  emulator = await startEmulator({ buildMs: 0 })
  await copyWorkspace(workspace, registry.npmrc)
  first = await version(workspace, 'minor', 'The first of this test.')
  const { code, stdout, stderr } = await publish(workspace)
  expect(code, stdout + stderr).toBe(0)
  if (hidden()) await publishPoison(registry, folder)
})
const workspace = join(home.folder, 'workspace')
let emulator: Emulator
let first: string

afterAll(() => emulator?.close())

interface Packument {
  'dist-tags': Record<string, string>
  versions: Record<string, unknown>
}

async function packumentOf(name: string, { url } = home.registry): Promise<Packument> {
  const response = await fetch(`${url}${name}`)
  if (response.status === 404) return { 'dist-tags': {}, versions: {} }
  const packument: Packument = JSON.parse(await response.text())
  return packument
}

/** The names of the packages whose tag has this version. */
async function taggedAt(tag: string, wanted: string): Promise<string[]> {
  const packuments = await Promise.all(names.map((name) => packumentOf(name)))
  return names.filter((_, index) => packuments[index]?.['dist-tags'][tag] === wanted)
}

async function stateOf(evaluatorId: string): Promise<string | undefined> {
  const url = `${emulator.url}/v1/accounts/${emulator.accountId}/evaluators/${evaluatorId}`
  const response = await fetch(url, { headers: { authorization: `Bearer ${emulator.apiKey}` } })
  const evaluator: { state?: string } = JSON.parse(await response.text())
  return evaluator.state
}

async function expectActiveAfter(manager: (typeof managers)[number], release: string): Promise<void> {
  const id = `${manager.name}-${release}`.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')
  const env = { ...emulator.env, EVALUATOR_ID: id }
  const project = join(home.folder, id)
  const { installMs, buildMs } = await installAndBuild(manager, project, home.registry, release, env)
  console.log(
    `  ${release.padEnd(14)} ${manager.name.padEnd(22)} install ${(installMs / 1000).toFixed(1)} s, vite and esbuild ${(buildMs / 1000).toFixed(1)} s`,
  )
  expect(await stateOf(`${id}-vite`)).toBe('ACTIVE')
  expect(await stateOf(`${id}-esbuild`)).toBe('ACTIVE')
}

test('a changeset becomes one version of all packages, a changelog in each, and a tag', async () => {
  const before = JSON.parse(
    await readFile(join(import.meta.dirname, '../../packages/cli/package.json'), 'utf8'),
  )
  expect(first).toBe(semver.inc(before.version, 'minor'))
  for (const name of ['vite-plugin', 'evaluator-core', 'cli'])
    expect(await readFile(join(workspace, 'packages', name, 'CHANGELOG.md'), 'utf8')).toContain(`## ${first}`)
  expect(await readFile(join(workspace, 'packages/evaluator-core/CHANGELOG.md'), 'utf8')).toContain(
    'The first of this test.',
  )
  expect(await tags(workspace)).toEqual(expect.arrayContaining(names.map((name) => `${name}@${first}`)))
  const packument = await packumentOf('@fw/vite-plugin')
  expect(packument.versions[first]).toMatchObject({ dependencies: { '@fw/evaluator-unplugin': first } })
})

test('versions newer than the recorded date are hidden, also the latest', async ({ skip }) => {
  skip(!hidden(), 'nothing is hidden in this run')
  // The same packages, from a registry that hides nothing.
  const open = await startRegistry(join(home.folder, 'registry'), { hide: null })
  onTestFinished(() => open.close())
  for (const [name, poisoned] of Object.entries(poison)) {
    const [hides, has] = await Promise.all([packumentOf(name), packumentOf(name, open)])
    expect(has['dist-tags'].latest, name).toBe(poisoned)
    expect(Object.keys(hides.versions), name).not.toContain(poisoned)
    expect(hides.versions, name).toHaveProperty([String(hides['dist-tags'].latest)])
  }
})

test.concurrent.each(managers)(
  '$name installs the release; both builds end with an ACTIVE evaluator',
  (manager) => expectActiveAfter(manager, first),
)

test('a patch whose publish fails in the middle is completed by running again; a prerelease leaves latest alone', async () => {
  const [npm, pnpm] = managers
  if (!npm || !pnpm) throw new Error('no package managers')

  const patch = await version(workspace, 'patch', 'A patch.')
  expect(patch).toBe(semver.inc(first, 'patch'))
  home.registry.refuse('@fw/evaluator-unplugin')
  const failed = await publish(workspace)
  expect(failed.code).not.toBe(0)
  expect(failed.stdout + failed.stderr).toContain('the registry broke down')
  const got = await taggedAt('latest', patch)
  expect(got).toContain('@fw/evaluator-core')
  expect(got).not.toContain('@fw/evaluator-unplugin')
  // A package whose dependency is missing must be missing too, because nobody could install it.
  expect(got).not.toContain('@fw/vite-plugin')
  home.registry.refuse(undefined)
  const again = await publish(workspace)
  expect(again.code, again.stdout + again.stderr).toBe(0)
  expect(await taggedAt('latest', patch)).toEqual(names)
  expect(await tags(workspace)).toEqual(expect.arrayContaining(names.map((name) => `${name}@${patch}`)))

  await enterPrerelease(workspace, 'next')
  const pre = await version(workspace, 'minor', 'A look ahead.')
  expect(pre).toBe(`${semver.inc(patch, 'minor')}-next.0`)
  const published = await publish(workspace)
  expect(published.code, published.stdout + published.stderr).toBe(0)
  expect(await taggedAt('next', pre)).toEqual(names)
  expect(await taggedAt('latest', patch)).toEqual(names)

  await Promise.all([expectActiveAfter(npm, 'latest'), expectActiveAfter(pnpm, 'next')])
})
