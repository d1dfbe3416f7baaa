import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { runGood } from './harness/exec.ts'
import { testFolder } from './harness/folder.ts'
import { npm } from './harness/package-managers.ts'
import { type Registry, startRegistry } from './harness/registry.ts'

/** A registry of this test, with a given one behind it. */
async function registryBefore(
  status: (name: string) => number,
): Promise<{ registry: Registry; folder: string }> {
  const upstream = createServer(({ url = '/' }, response) => {
    response.writeHead(status(url.slice(1)), { 'content-type': 'application/json' })
    response.end('{}')
  })
  onTestFinished(() => void upstream.close())
  await once(upstream.listen(0, '127.0.0.1'), 'listening')
  const address = upstream.address()
  if (typeof address !== 'object' || !address) throw new Error('no port')
  const folder = testFolder('registry')
  const url = `http://127.0.0.1:${address.port}/`
  const registry = await startRegistry(join(folder, 'registry'), { upstream: url })
  onTestFinished(() => registry.close())
  return { registry, folder }
}

test('if the registry of this machine is down, there is a reason to skip', async () => {
  const { registry } = await registryBefore(() => 503)
  expect(registry.silence).toMatch(/^the registry 127\.0\.0\.1:\d+ answered 503 for picomatch$/)
})

test('if nothing listens, there is one too', async () => {
  const registry = await startRegistry(testFolder('registry'), { upstream: 'http://127.0.0.1:9/' })
  onTestFinished(() => registry.close())
  expect(registry.silence).toMatch(/^the registry 127\.0\.0\.1:9 did not answer for picomatch: /)
})

test.each([404, 503])('an install that gets %i for a package names it', async (status) => {
  const { registry, folder } = await registryBefore((name) => (name === 'picomatch' ? 200 : status))
  expect(registry.silence).toBeUndefined()
  await writeFile(join(folder, 'package.json'), JSON.stringify({ dependencies: { tinypool: '^2.0.0' } }))
  await writeFile(join(folder, '.npmrc'), registry.npmrc)
  const flags = ['--no-audit', '--no-fund', '--fetch-retries=0', `--cache=${folder}/cache`]
  await expect(registry.installed(runGood([...npm, 'install', ...flags], folder))).rejects.toThrow(
    /^no install: the registry did not give tinypool \(\d+\)$/,
  )
})
