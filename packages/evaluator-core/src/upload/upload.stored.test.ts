import { createHash } from 'node:crypto'
import { beforeEach, expect, test, vi } from 'vitest'
import { MARKER_KEY, SOURCE } from '../../test/bench.ts'
import { type Asked, serveEvaluator } from '../../test/small-service.ts'
import { temporaryFolder } from '../../test/test-tree.ts'
import { EvaluatorUploadError, type UploadOptions, uploadEvaluator } from '../index.ts'

beforeEach(() => {
  vi.stubEnv('XDG_CACHE_HOME', temporaryFolder())
  // Else git is asked for the commit that this runs at.
  vi.stubEnv('GITHUB_SHA', 'c0de')
  vi.stubEnv('GITHUB_REPOSITORY', 'acme/evals')
})

const upload = (baseUrl: string, options: Partial<UploadOptions> = {}) =>
  uploadEvaluator({
    evaluatorId: 'my-evaluator',
    source: SOURCE,
    apiKey: MARKER_KEY,
    accountId: 'acme',
    baseUrl,
    retry: { attempts: 3, baseDelayMs: 1, maxDelayMs: 2 },
    ...options,
  })

const code = (baseUrl: string) =>
  upload(baseUrl).then(
    ({ outcome }) => outcome,
    (error: unknown) => (error instanceof EvaluatorUploadError ? error.code : error),
  )

/** A store that takes what is sent and says `headers` of it; asked for it, it says `later`. */
const store =
  (headers: (body: string) => Record<string, string>, later?: (body: string) => Record<string, string>) =>
  (): ((asked: Asked) => boolean) => {
    let body = ''
    return (asked) => {
      if (asked.what === 'PUT /store') {
        body = asked.body
        asked.response.writeHead(200, headers(body)).end()
        return true
      }
      if (asked.what !== 'GET /store' || !later) return false
      asked.response.writeHead(206, later(body)).end('x')
      return true
    }
  }

const md5 = (body: string) => createHash('md5').update(body, 'latin1')
const etag = (body: string) => ({ etag: `"${md5(body).digest('hex')}"` })
const range = (body: string) => ({ 'content-range': `bytes 0-0/${body.length}` })
const nothing = () => ({})

test.each([
  ['the digest in the answer', store(etag), true, 0],
  ['the digest, asked for', store(nothing, etag), true, 0],
  ['the length, asked for', store(nothing, range), true, 0],
  ['neither, asked for', store(nothing, nothing), false, 1],
  ['no answer', store(nothing), false, 1],
])('what a store confirms is told: %s', async (_, answers, verified, warnings) => {
  const warned: string[] = []
  const logger = { info: () => {}, warn: (message: string) => warned.push(message) }
  expect(await upload(await serveEvaluator(answers()), { logger })).toMatchObject({
    outcome: 'uploaded',
    verified,
  })
  expect(warned).toHaveLength(warnings)
})

const page = (type: string, text: string) => (): ((asked: Asked) => boolean) => {
  return ({ what, response }) => {
    if (what !== 'PUT /store') return false
    response.writeHead(200, { 'content-type': type }).end(text)
    return true
  }
}

test.each([
  ['other bytes, by digest', store(() => etag('other')), 'FW_INTEGRITY'],
  ['other bytes, by digest when asked', store(nothing, () => etag('other')), 'FW_INTEGRITY'],
  ['other bytes, by length when asked', store(nothing, () => range('other')), 'FW_INTEGRITY'],
  ['a page of a portal', page('text/html', '<title>Sign in</title>'), 'FW_SIGNED_URL'],
  ['JSON of a portal', page('application/json', '{"ok":true}'), 'FW_SIGNED_URL'],
  ['a page without a type', page('', 'Welcome'), 'FW_SIGNED_URL'],
  ['a page longer than any answer', page('text/html', 'x'.repeat(5_000_000)), 'FW_SIGNED_URL'],
])('no success: %s', async (_, answers, expected) => {
  expect(await code(await serveEvaluator(answers()))).toBe(expected)
})

test('a store of Google that says neither hash nor ETag is none', async () => {
  expect(await code(await serveEvaluator(store(nothing)(), 'X-Goog-Signature=MARKERSIGNATURE'))).toBe(
    'FW_INTEGRITY',
  )
  const tagged = store(() => ({ etag: '"of-another-kind"' }), range)
  expect(await code(await serveEvaluator(tagged(), 'X-Goog-Signature=MARKERSIGNATURE'))).toBe('uploaded')
})

test('a URL with credentials, and a header that cannot be known, are refused before anything is sent', async () => {
  for (const query of ['constructor', '__proto__', 'cookie'].map((name) => `X-Goog-SignedHeaders=${name}`)) {
    expect(await code(await serveEvaluator(store(etag)(), query))).toBe('FW_SIGNED_URL')
  }
  const named = await serveEvaluator(({ what, json, origin }) => {
    if (!what.endsWith(':getUploadEndpoint')) return false
    const url = `${origin.replace('//', '//me:word@')}/store`
    json(200, { filenameToSignedUrls: { 'my-evaluator.tar.gz': url } })
    return true
  })
  expect(await code(named)).toBe('FW_SIGNED_URL')
})

test('a Bearer token and a signature that the service echoes are in no event and no log line', async () => {
  let times = 0
  const echoing = await serveEvaluator(({ what, json }) => {
    if (!what.startsWith('GET /v1') || ++times > 2) return false
    const message = `you sent Bearer ${MARKER_KEY} and ${Buffer.from(`Bearer ${MARKER_KEY}`).toString('base64')} \x1b[31m`
    json(503, { code: 14, message })
    return true
  })
  const heard: string[] = []
  const hear = (message: unknown) => void heard.push(JSON.stringify(message))
  await upload(echoing, { onProgress: hear, logger: { debug: hear, info: hear, warn: hear } })
  const all = heard.join('\n')
  expect(all).toContain('[redacted]')
  expect(all).not.toContain(MARKER_KEY)
  expect(all).not.toContain(Buffer.from(`Bearer ${MARKER_KEY}`).toString('base64').slice(8, 30))
  expect(all).not.toContain('\\u001b')
})

const failing = (log: (asked: Asked) => void) => {
  let validated = false
  return serveEvaluator((asked) => {
    const { what, json, origin, response } = asked
    if (what.endsWith(':validateUpload')) validated = true
    if (what === 'PUT /store') {
      response.writeHead(200, etag(asked.body)).end()
      return true
    }
    if (what.endsWith(':getBuildLogEndpoint')) json(200, { buildLogSignedUri: `${origin}/log` })
    else if (what === 'GET /log') log(asked)
    else if (validated && what.endsWith('/my-evaluator')) json(200, { state: 'BUILD_FAILED' })
    else return false
    return true
  })
}

test('a log that drips is shown as far as it has come when the wait is over', async () => {
  const dripping = await failing(({ response }) => {
    const timer = setInterval(() => response.write('drip\n'), 50)
    response.on('close', () => clearInterval(timer))
  })
  const began = performance.now()
  await expect(upload(dripping, { wait: { timeoutMs: 1500 } })).rejects.toMatchObject({
    code: 'FW_BUILD_FAILED',
    message: expect.stringMatching(/drip\ndrip/),
  })
  expect(performance.now() - began).toBeLessThan(6000)
})

test('a long log is shown by its end, also from a store that does not know Range', async () => {
  const long = await failing(({ response }) => response.end(`${'a line\n'.repeat(700_000)}the cause\n`))
  await expect(upload(long, { wait: true })).rejects.toMatchObject({
    message: expect.stringMatching(/a line\nthe cause$/),
  })
})

test('the end of a build is noticed within a second', async () => {
  let builtAt = 0
  const building = await serveEvaluator((asked) => {
    if (asked.what === 'PUT /store') return store(etag)()(asked)
    if (asked.what.endsWith(':validateUpload')) {
      builtAt = performance.now() + 1300
      asked.json(200, {})
    } else if (builtAt > 0 && asked.what.endsWith('/my-evaluator')) {
      asked.json(200, { state: performance.now() > builtAt ? 'ACTIVE' : 'BUILDING' })
    } else return false
    return true
  })
  await upload(building, { wait: true })
  expect(performance.now() - builtAt).toBeLessThan(1000)
})
