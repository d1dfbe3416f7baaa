import { expect, test } from 'vitest'
import { storeFailure } from './failure.ts'

const failure = (status: number, text: string, query = '', headers = {}) =>
  storeFailure({ status, headers, text }, new URL(`https://store.example/o?${query}`))

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
  [
    'Azure, in another element',
    403,
    '<Error><Code>AuthenticationFailed</Code><Message>Server failed to authenticate the request.</Message><AuthenticationErrorDetail>Signature not valid in the specified time frame: Start [a] - Expiry [b] - Current [c]</AuthenticationErrorDetail></Error>',
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

const LONG_AGO = [
  'X-Goog-Date=20200101T000000Z&X-Goog-Expires=60',
  'x-amz-date=20200101T000000Z&x-amz-expires=60',
  'sv=1&sig=x&se=2020-01-01T00%3A00%3A00Z',
  'Signature=x&Expires=1577836800',
]

test.each(LONG_AGO)('a URL that is past its own expiry and answered 403 is expired: %s', async (query) => {
  expect((await failure(403, '', query)).expired).toBe(true)
  expect((await failure(404, '', query)).expired).toBe(false)
})

test.each(LONG_AGO)('the time is that of the store, where it tells: %s', async (query) => {
  expect((await failure(403, '', query, { date: 'Tue, 31 Dec 2019 23:59:59 GMT' })).expired).toBe(false)
})

test.each([
  '',
  'X-Goog-Date=soon&X-Goog-Expires=60',
  'sig=x&se=never',
  'Expires=',
  'X-Goog-Date=20200101T000000Z',
])('a URL that does not tell its expiry is refused for another reason: %s', async (query) => {
  expect((await failure(403, '', query)).expired).toBe(false)
})
