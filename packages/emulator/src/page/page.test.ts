import { type RequestOptions, request } from 'node:http'
import { text } from 'node:stream/consumers'
import { afterEach, expect, test } from 'vitest'
import { type Emulator, type EmulatorOptions, startEmulator } from '../index.ts'
import { call, create, evaluatorsPath, get, put, uploadAndBuild, uploadUrl } from '../testing/client.ts'
import { tarGz } from '../testing/tar-gz.ts'
import { openEvents } from './testing/open-events.ts'

let emulator: Emulator | undefined
afterEach(() => emulator?.close())

async function start(options?: EmulatorOptions): Promise<Emulator> {
  emulator = await startEmulator(options)
  return emulator
}

/** fetch sets Host, Origin and Sec-Fetch-Site itself; so a test must imitate another site's page below fetch. */
function raw(url: string, options: RequestOptions, body = ''): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    request(url, options, (response) => {
      text(response).then((said) => resolve({ status: response.statusCode ?? 0, body: said }), reject)
    })
      .on('error', reject)
      .end(body)
  })
}

const fault = JSON.stringify({ step: 'put', do: { kind: 'reset' } })

test('the root is the page for a browser, and nothing for other clients', async () => {
  const { url, requests } = await start()
  const page = await fetch(url, { headers: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' } })
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8')
  expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'; script-src 'sha256-/)
  expect(await page.text()).toContain('<h1>Evaluator emulator</h1>')
  expect(requests).toEqual([])
  expect((await fetch(url)).status).toBe(401)
  expect(requests).toHaveLength(1)
})

test('events: the whole state, then every change; never a key or a signature', async () => {
  const running = await start({ faults: [{ step: 'list', do: { kind: 'status', status: 503 } }] })
  await call(running, 'GET', evaluatorsPath(running, '?pageSize=1'))
  const events = await openEvents(running.url)
  expect(await events.next('everything')).toMatchObject({
    accountId: 'emulator',
    evaluators: [],
    requests: [{ number: 1, step: 'list', status: 503, fault: 'status', ended: true }],
    faults: [],
  })
  await uploadAndBuild(running, undefined, { displayName: running.apiKey })
  await events.until('evaluator', ({ evaluator }) => evaluator?.state === 'ACTIVE')
  running.faults.add({ step: 'get', do: { kind: 'reset' } })
  expect(await events.next('faults')).toMatchObject([{ fault: { step: 'get', do: { kind: 'reset' } } }])

  const details = await Promise.all(
    running.requests.map(({ number }) => raw(`${running.url}/_emulator/requests/${number}`, {})),
  )
  const evaluator = await raw(`${running.url}/_emulator/evaluators/my-eval`, {})
  const told = events.text() + details.map(({ body }) => body).join('') + evaluator.body
  expect(told).toContain('"displayName":"[redacted]"')
  expect(told).not.toContain(running.apiKey)
  // A signature: 256 bytes in hex.
  expect(told).not.toMatch(/[0-9a-f]{512}/)
  expect(told).toContain('"X-Goog-Signature":"[redacted]"')
  expect(running.requests.filter(({ path }) => path.startsWith('/_emulator'))).toEqual([])
})

test('the uploaded files and the build log', async () => {
  const running = await start()
  await uploadAndBuild(running)
  const { status, body } = await raw(`${running.url}/_emulator/evaluators/my-eval`, {})
  expect(status).toBe(200)
  expect(JSON.parse(body)).toMatchObject({
    resource: { name: 'accounts/emulator/evaluators/my-eval' },
    archives: [
      { name: 'my-eval.tar.gz', entries: [{ path: 'my-eval/requirements.txt', size: 13, type: 'File' }, {}] },
    ],
    buildLog: expect.stringContaining('Template built successfully'),
  })
  expect(await raw(`${running.url}/_emulator/evaluators/other`, {})).toMatchObject({ status: 404 })
})

test('a broken archive: the entries before the fault, and the reason', async () => {
  const running = await start()
  await create(running)
  const cutOff = tarGz({ 'my-eval/a.txt': 'x' }).subarray(0, -9)
  await put(await uploadUrl(running, cutOff.length), cutOff)
  const { body } = await raw(`${running.url}/_emulator/evaluators/my-eval`, {})
  expect(JSON.parse(body)).toMatchObject({
    archives: [{ entries: [{ path: 'my-eval/a.txt', size: 1 }], problem: 'unexpected end of file' }],
  })
})

test('faults are switched on and off one by one, and all at once', async () => {
  const running = await start()
  const faults = `${running.url}/_emulator/faults`
  expect(await raw(faults, { method: 'POST' }, fault)).toMatchObject({ status: 201 })
  expect(await raw(faults, { method: 'POST' }, fault.replace('put', 'endpoint'))).toMatchObject({
    status: 201,
  })
  const events = await openEvents(running.url)
  const { faults: rows } = await events.next('everything')
  expect(await raw(`${faults}/${rows[0]?.id}`, { method: 'DELETE' })).toMatchObject({ status: 200 })
  expect(running.faults.pending).toEqual([{ step: 'endpoint', do: { kind: 'reset' } }])
  expect(await raw(`${faults}/${rows[0]?.id}`, { method: 'DELETE' })).toMatchObject({ status: 404 })
  expect(await raw(faults, { method: 'DELETE' })).toMatchObject({ status: 200 })
  expect(running.faults.pending).toEqual([])
})

test.each([
  ['no JSON', '{', /JSON/],
  ['no fault', '{"step":"put"}', /A fault is/],
  ['an impossible fault', '{"step":"get","do":{"kind":"wrong-md5"}}', /can't happen at 'get'/],
])('refuses %s', async (_, body, message) => {
  const running = await start()
  const answer = await raw(`${running.url}/_emulator/faults`, { method: 'POST' }, body)
  expect(answer).toMatchObject({ status: 400, body: expect.stringMatching(message) })
})

test.each<[string, (host: string) => Record<string, string>]>([
  ['a page of another website', () => ({ origin: 'https://example.com' })],
  ['a page without an origin', () => ({ origin: 'null' })],
  ['another server on this machine', () => ({ origin: 'http://127.0.0.1:1' })],
  ['a name that was rebound', (host) => ({ host: host.replace('127.0.0.1', 'evil.example') })],
  ['a rebound name with its own origin', () => ({ host: 'evil.example', origin: 'http://evil.example' })],
  ['an image on another website', () => ({ 'sec-fetch-site': 'cross-site' })],
  ['a page on another port', () => ({ 'sec-fetch-site': 'same-site' })],
])('refuses %s', async (_, headersFor) => {
  const running = await start()
  const headers = headersFor(new URL(running.url).host)
  const post = await raw(`${running.url}/_emulator/faults`, { method: 'POST', headers }, fault)
  const events = await raw(`${running.url}/_emulator/events`, { headers })
  expect([post.status, events.status]).toEqual([403, 403])
  expect(running.faults.pending).toEqual([])
})

test('accepts localhost, its own page, and a link to it', async () => {
  const { url } = await start()
  const host = new URL(url).host.replace('127.0.0.1', 'localhost')
  const own = { host, origin: `http://${host}`, 'sec-fetch-site': 'same-origin' }
  expect(await raw(`${url}/_emulator/faults`, { method: 'POST', headers: own }, fault)).toMatchObject({
    status: 201,
  })
  const link = { accept: 'text/html', 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }
  expect(await raw(url, { headers: link })).toMatchObject({ status: 200 })
  const rebound = { accept: 'text/html', host: 'evil.example' }
  expect(await raw(url, { headers: rebound })).toMatchObject({ status: 403 })
})

test('close ends at once although pages are open', async () => {
  const running = await start()
  const events = await openEvents(running.url)
  await events.next('everything')
  await create(running)
  await get(running)
  await running.close()
  await events.ended
})

test('a connection that a fault cuts is shown as a fault, not as a problem', async () => {
  const running = await start({ faults: [{ step: 'put', do: { kind: 'reset-mid-body' } }] })
  await create(running)
  const over = running.waitFor('response', ({ step }) => step === 'put')
  await expect(put(await uploadUrl(running, 3), new Uint8Array(3))).rejects.toThrow('fetch failed')
  expect(await over).toMatchObject({ fault: 'reset-mid-body', problem: undefined })
})
