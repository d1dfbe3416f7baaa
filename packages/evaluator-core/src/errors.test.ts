import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { EvaluatorUploadError } from './errors.ts'
import { keepSecret } from './redact.ts'

const KEY = 'fw_MARKERKEY_0001'
const SIGNED = 'https://store.example/o.tar.gz?X-Goog-Signature=MARKERSIGNATURE'

test('no depth of an error holds a key or a signed query', () => {
  keepSecret(KEY)
  const inner = Object.assign(new Error(`headers: Bearer ${KEY}`), {
    code: 'ECONNRESET',
    request: { url: SIGNED },
  })
  const cause = new Error(`could not reach ${SIGNED}`, { cause: inner })
  const error = new EvaluatorUploadError('FW_NETWORK', `failed with ${KEY}`, {
    cause,
    hint: `try ${SIGNED}`,
    requestId: KEY,
  })
  const seen = [
    inspect(error, { depth: Number.POSITIVE_INFINITY, showHidden: true }),
    JSON.stringify(error),
    error.stack,
    String(error),
  ].join('\n')
  expect(seen).not.toContain(KEY)
  expect(seen).not.toContain('MARKERSIGNATURE')
  expect(seen).toContain('ECONNRESET')
})

test('a cause keeps what helps: name, code, message and its own cause', () => {
  const root = Object.assign(new TypeError('deep'), { code: 'E_DEEP' })
  const error = new EvaluatorUploadError('FW_NETWORK', 'x', { cause: new Error('shallow', { cause: root }) })
  expect(error.cause).toMatchObject({
    message: 'shallow',
    cause: { name: 'TypeError', message: 'deep', code: 'E_DEEP' },
  })
})

test('what is not known is not there', () => {
  expect(Object.keys(new EvaluatorUploadError('FW_CONFIG', 'x')).sort()).toEqual(['code', 'name'])
})

test('a cause that goes round in a circle ends', () => {
  const loop = new Error('round')
  loop.cause = loop
  expect(inspect(new EvaluatorUploadError('FW_NETWORK', 'x', { cause: loop }), { depth: 20 })).toContain(
    'round',
  )
})
