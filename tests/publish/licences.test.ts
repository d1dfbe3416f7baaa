import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runGood } from './harness/exec.ts'
import { pnpm } from './harness/package-managers.ts'

/** They ask for no more than their text to be passed on, which each package's own tarball does. */
const allowed = ['MIT', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD', 'Apache-2.0', 'BlueOak-1.0.0']

test('everything that is installed with our packages bears a licence that is allowed', async () => {
  const root = join(import.meta.dirname, '../..')
  const command = [...pnpm, '--filter', './packages/*', 'licenses', 'list', '--prod', '--json']
  const byLicence: Record<string, { name: string }[]> = JSON.parse(await runGood(command, root))
  for (const [licence, packages] of Object.entries(byLicence))
    console.log(`  ${licence.padEnd(14)} ${packages.map(({ name }) => name).join(', ')}`)
  expect(Object.values(byLicence).flat().length).toBeGreaterThan(10)
  expect(Object.keys(byLicence).filter((licence) => !allowed.includes(licence))).toEqual([])
})
