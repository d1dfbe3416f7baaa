import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { installTarballs } from './harness/consumer.ts'
import { testFolder } from './harness/folder.ts'
import { useRegistry } from './harness/use-registry.ts'

const home = useRegistry('licences')

/** These licences only require that their text is passed on, and each package's tarball has it. */
const allowed = ['MIT', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD', 'Apache-2.0', 'BlueOak-1.0.0']

// The packages of a user, not of this workspace, where pnpm also counts bundlers: optional peers of unplugin.
test('every package that is installed with ours has an allowed licence', async () => {
  const folder = testFolder('licences')
  await installTarballs(home.registry, folder, [
    '@fw/evaluator-core',
    '@fw/evaluator-unplugin',
    '@fw/vite-plugin',
    '@fw/esbuild-plugin',
    '@fw/evaluator-cli',
    '@fw/evaluator-emulator',
    '@fw/evaluator-scorer',
  ])
  const paths = await readdir(join(folder, 'node_modules'), { recursive: true })
  const byLicence = new Map<string, string[]>()
  for (const path of paths.filter((path) => path.endsWith('package.json'))) {
    const text = await readFile(join(folder, 'node_modules', path), 'utf8')
    const { name, version, license = 'none' } = JSON.parse(text)
    // Packages also have such files in subfolders, which only say how their modules are loaded.
    if (name && version) byLicence.set(String(license), [...(byLicence.get(String(license)) ?? []), name])
  }
  for (const [licence, packages] of byLicence) console.log(`  ${licence.padEnd(14)} ${packages.join(', ')}`)
  expect([...byLicence.values()].flat().length).toBeGreaterThan(10)
  expect([...byLicence.keys()].filter((licence) => !allowed.includes(licence))).toEqual([])
})
