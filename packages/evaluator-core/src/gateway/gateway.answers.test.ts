import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { MARKER_KEY } from '../../test/bench.ts'
import { serve } from '../../test/small-service.ts'
import type { Gateway } from './gateway.ts'
import { createGateway } from './session.ts'

test.each([
  ['the same token again', () => ({ evaluators: [{ name: 'a' }], nextPageToken: 'same' })],
  ['two tokens in turn', (n: number) => ({ evaluators: [{ state: `${n}` }], nextPageToken: `${n % 2}` })],
  ['empty pages', (n: number) => ({ evaluators: [], nextPageToken: `${n}` })],
  ['the same page', (n: number) => ({ evaluators: [{ name: 'a' }], nextPageToken: `${n}` })],
])('pages that do not end are a fault: %s', async (_, page) => {
  let pages = 0
  const baseUrl = await serve(({ json }) => json(200, page(pages++)))
  await using gateway = disposable(createGateway({ apiKey: MARKER_KEY, accountId: 'acme', baseUrl }))
  const all = async () => {
    for await (const _ of gateway.listEvaluators());
  }
  await expect(all()).rejects.toMatchObject({
    code: 'FW_GATEWAY',
    message: expect.stringContaining('do not end'),
  })
})

test('an evaluator is named by its id, or in full as an upload gives it', async () => {
  const asked: string[] = []
  const baseUrl = await serve(({ what, json }) => {
    asked.push(what)
    json(200, {})
  })
  await using gateway = disposable(createGateway({ apiKey: MARKER_KEY, accountId: 'acme', baseUrl }))
  await gateway.getEvaluator('accounts/other/evaluators/mine')
  await gateway.validateUpload('evaluators/mine')
  await gateway.createEvaluator('accounts/other/evaluators/mine')
  expect(asked).toEqual([
    'GET /v1/accounts/other/evaluators/mine',
    'POST /v1/accounts/acme/evaluators/mine:validateUpload',
    'POST /v1/accounts/other/evaluatorsV2',
  ])
  for (const name of ['', '..', 'a/b', 'accounts/../evaluators/mine']) {
    await expect(gateway.deleteEvaluator(name)).rejects.toMatchObject({ code: 'FW_CONFIG' })
  }
})

test('an evaluator bears no key and no signature, whatever the service writes into it', async () => {
  const signed = 'https://store.example/o?X-Goog-Signature=MARKERSIGNATURE0123'
  const baseUrl = await serve(({ what, json, request }) => {
    const echo = `you sent ${request.headers.authorization} to ${signed}`
    const evaluator = {
      name: 'a',
      description: 'see https://a.example/b?c=d',
      status: { message: echo },
      [echo]: [{ echo }],
    }
    if (what.endsWith(':getSourceCodeSignedUrl')) json(200, { filenameToSignedUrls: { 'a.tar.gz': signed } })
    else json(200, what.endsWith('/evaluators') ? { evaluators: [evaluator] } : evaluator)
  })
  await using gateway = disposable(createGateway({ apiKey: MARKER_KEY, accountId: 'acme', baseUrl }))
  expect(await gateway.getSourceCodeSignedUrl('a')).toEqual({ 'a.tar.gz': signed })
  for await (const listed of gateway.listEvaluators()) {
    for (const evaluator of [
      listed,
      await gateway.getEvaluator('a'),
      await gateway.updateEvaluator('a', {}),
    ]) {
      expect(JSON.stringify(evaluator)).not.toMatch(/MARKER/)
      expect(evaluator).toMatchObject({ name: 'a', description: 'see https://a.example/b?c=d' })
    }
  }
})

test.each([
  ['gzip', gzipSync],
  ['deflate', deflateSync],
  ['br', brotliCompressSync],
])(
  'an answer may come as %s, which is asked for, and begin with a byte order mark',
  async (encoding, compress) => {
    const baseUrl = await serve(({ request, response }) => {
      expect(request.headers['accept-encoding']).toContain(encoding)
      response.writeHead(200, { 'content-encoding': encoding }).end(compress('\uFEFF{"state":"ACTIVE"}'))
    })
    await using gateway = disposable(createGateway({ apiKey: MARKER_KEY, accountId: 'acme', baseUrl }))
    expect(await gateway.getEvaluator('mine')).toEqual({ state: 'ACTIVE' })
  },
)

test.each([
  ['of another encoding', 'zstd', 'x', 1],
  ['that is not what it says', 'gzip', 'x', 2],
  ['that is cut off', 'gzip', gzipSync('{}').subarray(0, 12), 2],
  ['that is endless when it is unpacked', 'gzip', gzipSync(Buffer.alloc(20_000_000)), 1],
])('a compressed answer %s is a fault', async (_, encoding, text, attempts) => {
  const baseUrl = await serve(({ response }) => {
    response.writeHead(200, { 'content-encoding': encoding }).end(text)
  })
  const retry = { attempts: 2, baseDelayMs: 1 }
  await using gateway = disposable(createGateway({ apiKey: MARKER_KEY, accountId: 'acme', baseUrl, retry }))
  await expect(gateway.getEvaluator('mine')).rejects.toMatchObject({ code: 'FW_GATEWAY', attempts })
})

test.each([
  [{ error: { code: 'forbidden', message: 'not you' } }, '200 forbidden: not you'],
  [{ code: 5, message: '', details: [] }, '200 NOT_FOUND'],
  [{ code: 9, message: 'no archive' }, '200 FAILED_PRECONDITION: no archive'],
])('an error with the status of a success is a failure: %j', async (body, reason) => {
  const baseUrl = await serve(({ json }) => json(200, body))
  await using gateway = disposable(createGateway({ apiKey: MARKER_KEY, accountId: 'acme', baseUrl }))
  for (const asked of [gateway.updateEvaluator('mine', {}), gateway.validateUpload('mine')])
    await expect(asked).rejects.toMatchObject({ message: expect.stringContaining(reason) })
})

test('the status OK of an answer is no error', async () => {
  const baseUrl = await serve(({ json }) => json(200, { name: 'a', code: 0, message: '', error: null }))
  await using gateway = disposable(createGateway({ apiKey: MARKER_KEY, accountId: 'acme', baseUrl }))
  expect(await gateway.getEvaluator('mine')).toMatchObject({ name: 'a' })
})

function disposable(gateway: Gateway): Gateway & AsyncDisposable {
  return { ...gateway, [Symbol.asyncDispose]: () => gateway.close() }
}
