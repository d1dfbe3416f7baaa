import { expect, test } from 'vitest'
import { storeFailure } from './failure.ts'

const failure = (status: number, text: string) => storeFailure({ status, headers: {}, text })

test('code, message and parameter are shown; the string to sign and the canonical request are not', async () => {
  const xml = `<?xml version='1.0'?><Error><Code>SignatureDoesNotMatch</Code><Message>No match.</Message>
    <StringToSign>MARKER-A</StringToSign><CanonicalRequest>MARKER-B</CanonicalRequest></Error>`
  const failed = await failure(403, xml)
  expect(failed).toMatchObject({ code: 'FW_SIGNED_URL', retry: false, expired: false })
  expect(failed.reason).toBe('the store answered 403 SignatureDoesNotMatch: No match')
  expect(JSON.stringify(failed)).not.toContain('MARKER')
})

test('the header at fault is named', async () => {
  const xml =
    '<Error><Code>MalformedSecurityHeader</Code><Message>Invalid.</Message><ParameterName>content-type</ParameterName><Details>not sent</Details></Error>'
  expect((await failure(400, xml)).reason).toBe(
    'the store answered 400 MalformedSecurityHeader: Invalid (content-type: not sent)',
  )
})

test.each([
  ['Google', 400, '<Error><Code>ExpiredToken</Code><Message>Expired.</Message></Error>'],
  ['S3', 403, '<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>'],
  [
    'Azure',
    403,
    '\uFEFF<?xml version="1.0"?><Error><Code>AuthenticationFailed</Code><Message>Signature not valid in the specified time frame</Message></Error>',
  ],
])('%s says that a URL is expired', async (_, status, xml) => {
  expect((await failure(status, xml)).expired).toBe(true)
})

test.each([
  ['a page', '<html><body>no'],
  ['nothing', ''],
  ['half an answer', '<Error><Code>Inter'],
  ['JSON', '{"error": 1}'],
])('%s is no reason that we can read', async (_, text) => {
  expect((await failure(500, text)).reason).toBe('the store answered 500 without a reason that we can read')
})

test.each([
  [500, true],
  [503, true],
  [429, true],
  [403, false],
  [400, false],
])('%i may be tried again: %s', async (status, retry) => {
  expect((await failure(status, '')).retry).toBe(retry)
})
