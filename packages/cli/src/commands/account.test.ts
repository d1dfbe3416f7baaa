import { chmod, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { bench } from '../../test/bench.ts'
import { uploaded } from '../../test/upload-first.ts'

test('whoami shows the account of the key and where the key comes from, never the key', async () => {
  const { run, json, emulator } = await bench()
  expect((await run(['whoami'])).stdout).toBe(
    `account  emulator (from the environment; the key belongs to emulator)\nkey      from the environment\nservice  ${emulator.url}\n`,
  )
  expect((await json(['whoami'], { env: { FIREWORKS_ACCOUNT_ID: '' } })).result).toEqual({
    accountId: 'emulator',
    keyAccountId: 'emulator',
    baseUrl: emulator.url,
    apiKeyFrom: 'environment',
  })
  const refused = await json(['whoami'], { env: { FIREWORKS_API_KEY: 'fw_wrong' } })
  expect(refused).toMatchObject({ code: 1, error: { code: 'FW_AUTH' } })
})

test.skipIf(process.platform === 'win32')(
  'open starts the browser with the page, and prints its address',
  async () => {
    const { run, dir, emulator } = await uploaded()
    const browser = join(dir, 'browser')
    await writeFile(browser, `#!/bin/sh\necho "$1" > "${dir}/opened"\n`)
    await chmod(browser, 0o755)
    const { code, stdout } = await run(['open', 'my-evaluator'], { env: { BROWSER: browser } })
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${emulator.url}/\n` })
    await expect.poll(() => readFile(join(dir, 'opened'), 'utf8').catch(() => '')).toBe(`${emulator.url}/\n`)
  },
)

test('open leads to the dashboard of the service, without a request', async () => {
  const { json, emulator } = await bench()
  const { result } = await json(['open', 'accounts/a/evaluators/b', '--base-url', 'https://api.fireworks.ai'])
  expect(result).toEqual({ url: 'https://app.fireworks.ai/dashboard/evaluators/b' })
  expect(emulator.requests).toEqual([])
})

test('open says what to do without a browser', async () => {
  const { run } = await bench()
  const { code, stderr } = await run(['open', 'x'], { env: { BROWSER: '/gone/browser' } })
  expect(code).toBe(2)
  expect(stderr).toMatch(/\/gone\/browser could not be started[\s\S]*BROWSER/)
})

test('status shows the end of the log of a failed build, and how to follow a running one', async () => {
  const log = `${Array.from({ length: 50 }, (_, i) => `line ${i}`).join('\n')}\n`
  const { run, json } = await bench({ faults: [{ step: 'validate', do: { kind: 'build-fails', log } }] })
  await run(['upload', 'src', '--id', 'failed', '--wait'])
  const { stdout } = await run(['status', 'failed'])
  expect(stdout).toMatch(/log ends {6}line 30\n[\s\S]*line 49\nThe whole log: fw-evaluator logs failed\n$/)
  expect((await json(['status', 'failed'])).result).toMatchObject({
    logEnd: expect.stringMatching(/^line 30\n[\s\S]*line 49$/),
  })
})

test('an upload that ends BUILDING says how to follow the build, and so does status', async () => {
  const { run } = await bench({ buildMs: 60_000 })
  const follow = /Follow the build: fw-evaluator logs my-evaluator --follow\n$/
  expect((await run(['upload', 'src', '--id', 'my-evaluator'])).stdout).toMatch(follow)
  expect((await run(['status', 'my-evaluator'])).stdout).toMatch(follow)
})

test('doctor marks a key that the service refuses', async () => {
  const { json } = await bench()
  const { code, result } = await json(['doctor'], { env: { FIREWORKS_API_KEY: 'fw_wrong' } })
  expect(code).toBe(1)
  expect(result).toMatchObject({
    checks: expect.arrayContaining([
      { name: 'key', status: 'fail', detail: expect.stringContaining('refuses'), hint: expect.any(String) },
    ]),
  })
})

test('doctor reads a proxy without a scheme as http', async () => {
  const { json } = await bench()
  const env = { HTTP_PROXY: 'proxy.example:3128', NO_PROXY: '127.0.0.1' }
  expect((await json(['doctor'], { env })).result).toMatchObject({
    checks: expect.arrayContaining([
      { name: 'proxy', status: 'ok', detail: 'proxy.example:3128, from HTTP_PROXY; not for 127.0.0.1' },
    ]),
  })
})

test('times are relative for people, and ISO 8601 in the document', async () => {
  const { run, json } = await uploaded()
  expect((await run(['list'])).stdout).toMatch(/(just now|\d+ s ago)\n$/)
  expect((await run(['status', 'my-evaluator'])).stdout).toMatch(
    /updated {7}(just now|\d+ s ago) \(20\d\d-.*Z\)\n/,
  )
  expect(JSON.stringify((await json(['list'])).result)).toMatch(/"updateTime":"20\d\d-[^"]*Z"/)
})
