import { expect, test } from 'vitest'
import type { Reply } from '../http/exchange.ts'
import { gatewayFailure, notTheService } from './failure.ts'

const reply = (status: number, body: unknown, headers: Reply['headers'] = {}): Reply => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  text: typeof body === 'string' ? body : JSON.stringify(body),
})

test('the usual error: status, name of the code, message, request id', () => {
  const body = { code: 5, message: 'resource not found', details: [] }
  expect(gatewayFailure(reply(404, body, { 'x-request-id': 'r-1' }))).toMatchObject({
    code: 'FW_NOT_FOUND',
    reason: '404 NOT_FOUND: resource not found',
    status: 404,
    requestId: 'r-1',
    retry: false,
  })
})

test('an empty message leaves the name of the code', () => {
  expect(gatewayFailure(reply(500, { code: 13, message: '', details: [] })).reason).toBe('500 INTERNAL')
})

test('the shape that a bad key gets, with its request id in the body', () => {
  const error = {
    message: 'The API key you provided is invalid.',
    param: null,
    code: 'UNAUTHORIZED',
    type: 'error',
  }
  expect(gatewayFailure(reply(401, { error, request_id: 'r-2' }))).toMatchObject({
    code: 'FW_AUTH',
    reason: '401 UNAUTHORIZED: The API key you provided is invalid',
    requestId: 'r-2',
  })
})

test.each([
  [400, 9, 'FW_CONFLICT'],
  [400, 3, 'FW_GATEWAY'],
  [403, 7, 'FW_AUTH'],
  [409, 6, 'FW_CONFLICT'],
  [429, 8, 'FW_RATE_LIMITED'],
  [500, 13, 'FW_GATEWAY'],
])('status %i with code %i is %s', (status, code, expected) => {
  expect(gatewayFailure(reply(status, { code, message: '' })).code).toBe(expected)
})

test.each([408, 429, 500, 502, 503, 504, 520, 599])('%i may be tried again', (status) => {
  expect(gatewayFailure(reply(status, '')).retry).toBe(true)
})

test.each([302, 400, 401, 403, 404, 409, 499, 501, 505])('%i may not', (status) => {
  expect(gatewayFailure(reply(status, '')).retry).toBe(false)
})

test('Retry-After is read', () => {
  expect(gatewayFailure(reply(429, '', { 'retry-after': '2' })).retryAfterMs).toBe(2000)
})

test('of a page only the kind and the title are shown', () => {
  const page = reply(502, '<html><title>Bad\n gateway</title><body>secret</body></html>', {
    'content-type': 'text/html; x',
  })
  expect(gatewayFailure(page).reason).toBe('502 text/html "Bad gateway"')
  expect(notTheService({ ...page, status: 200 }, 'what answered is not the service').reason).toBe(
    'what answered is not the service (200, text/html "Bad gateway")',
  )
})

test('a redirect is an error that says why it is not followed', () => {
  expect(gatewayFailure(reply(302, '', { location: 'https://elsewhere.example' }))).toMatchObject({
    code: 'FW_GATEWAY',
    hint: expect.stringContaining('Redirects are not followed'),
  })
})
