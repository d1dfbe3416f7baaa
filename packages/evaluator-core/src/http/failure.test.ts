import { expect, test } from 'vitest'
import { networkFailure } from './failure.ts'

const withCode = (code: string) => Object.assign(new Error('x'), { code })

test.each([
  ['ENOTFOUND', 'FW_NETWORK', true],
  ['EAI_AGAIN', 'FW_NETWORK', true],
  ['ECONNREFUSED', 'FW_NETWORK', true],
  ['ECONNRESET', 'FW_NETWORK', true],
  ['EPIPE', 'FW_NETWORK', true],
  ['UND_ERR_SOCKET', 'FW_NETWORK', true],
  ['UND_ERR_CONNECT_TIMEOUT', 'FW_TIMEOUT', true],
  ['ENETUNREACH', 'FW_NETWORK', true],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'FW_NETWORK', false],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'FW_NETWORK', false],
  ['CERT_HAS_EXPIRED', 'FW_NETWORK', false],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'FW_NETWORK', false],
])('%s is %s, and may be tried again: %s', (name, code, retry) => {
  expect(networkFailure(withCode(name), 'h')).toMatchObject({ code, retry, hint: expect.stringMatching(/./) })
})

test('the code of a cause, and of the first of several errors, counts', () => {
  expect(networkFailure(new Error('x', { cause: withCode('ECONNREFUSED') }), 'h').reason).toContain('refused')
  expect(networkFailure(new AggregateError([withCode('ECONNREFUSED')]), 'h').reason).toContain('refused')
})

test('what is not known is shown as it is', () => {
  expect(networkFailure(new Error('odd'), 'h').reason).toBe('the connection to h failed (odd)')
})
