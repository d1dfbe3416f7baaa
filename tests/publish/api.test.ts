import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { packagesFolder, publicApi, typeEntries } from './harness/public-api.ts'

const packages = ['evaluator-core', 'unplugin', 'vite-plugin', 'esbuild-plugin', 'emulator', 'scorer']

test.each(packages)('the public API of %s matches api/; `pnpm update-api` renews it', async (name) => {
  const folder = join(packagesFolder, name)
  const { exports } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'))
  await expect(publicApi(folder, typeEntries(exports))).toMatchFileSnapshot(`api/${name}.api.txt`)
})
