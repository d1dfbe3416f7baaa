import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs'
import type { Fault } from '@fw/evaluator-emulator'
import { beforeAll, expect, test } from 'vitest'
import { bench } from '../../test/bench.ts'
import type { ErrorCode } from '../errors.ts'
import type { UploadOptions } from '../options.ts'

/** One thing that goes wrong, and what a person is told. */
interface Row {
  name: string
  faults: Fault[]
  options?: Partial<UploadOptions>
  /** Missing: the upload ends well all the same. */
  code?: ErrorCode
  says?: RegExp
  hints?: RegExp
  /** What the emulator holds afterwards. */
  leaves?: 'nothing' | 'BUILDING' | 'BUILD_FAILED' | 'ACTIVE'
  attempts?: number
}

const always = 99
const LEFT_BUILDING = /is BUILDING and waits for its archive; running again completes it/
const LEFT_STORED = /its archive is stored and not validated; running again completes it/
const at = (step: Fault['step'], action: Fault['do'], times = 1): Fault[] => [{ step, do: action, times }]
const status = (
  code: number,
  extra: Partial<Extract<Fault['do'], { kind: 'status' }>> = {},
): Fault['do'] => ({
  kind: 'status',
  status: code,
  ...extra,
})

const rows: Row[] = [
  {
    name: 'bad key',
    faults: [],
    options: { apiKey: 'fw_another_key' },
    code: 'FW_AUTH',
    says: /401 UNAUTHORIZED/,
    hints: /FIREWORKS_API_KEY/,
    leaves: 'nothing',
  },
  {
    name: 'foreign account',
    faults: [],
    options: { accountId: 'someone-else' },
    code: 'FW_AUTH',
    says: /403 PERMISSION_DENIED/,
    hints: /FIREWORKS_ACCOUNT_ID/,
    leaves: 'nothing',
  },
  {
    name: 'no key',
    faults: [],
    options: { apiKey: '' },
    code: 'FW_AUTH',
    says: /no API key/,
    leaves: 'nothing',
  },
  { name: 'create: the answer is lost, it was made', faults: at('create', { kind: 'reset-after' }) },
  { name: 'create: reset, it was not made', faults: at('create', { kind: 'reset' }) },
  { name: 'create: 500', faults: at('create', status(500)) },
  { name: 'create: 429', faults: at('create', status(429, { headers: { 'retry-after': '0' } })) },
  {
    name: 'create: 500 always',
    faults: at('create', status(500), always),
    code: 'FW_GATEWAY',
    says: /Could not create evaluator my-evaluator: 500/,
    hints: /not known whether evaluator my-evaluator was created or changed/,
    leaves: 'nothing',
  },
  { name: 'look: 429 without Retry-After', faults: at('get', status(429)) },
  { name: 'look: 429 with Retry-After', faults: at('get', status(429, { headers: { 'retry-after': '0' } })) },
  {
    name: 'look: 429 always',
    faults: at('get', status(429), always),
    code: 'FW_RATE_LIMITED',
    hints: /Nothing was changed at the service/,
    attempts: 3,
    leaves: 'nothing',
  },
  ...[500, 502, 503, 504, 408].map((code) => ({
    name: `look: ${code} once`,
    faults: at('get', status(code)),
  })),
  { name: 'look: reset once', faults: at('get', { kind: 'reset' }) },
  {
    name: 'look: reset always',
    faults: at('get', { kind: 'reset' }, always),
    code: 'FW_NETWORK',
    says: /closed the connection/,
    attempts: 3,
    leaves: 'nothing',
  },
  {
    name: 'look: HTML from a proxy, 502',
    faults: at('get', { kind: 'html' }, always),
    code: 'FW_GATEWAY',
    says: /502 text\/html/,
    leaves: 'nothing',
  },
  {
    name: 'look: HTML from a proxy, 200',
    faults: at('get', { kind: 'html', status: 200 }),
    code: 'FW_GATEWAY',
    says: /what answered is not the service \(200, text\/html/,
    leaves: 'nothing',
  },
  { name: 'look: cut-off JSON once', faults: at('get', { kind: 'truncated-json' }) },
  {
    name: 'look: cut-off JSON always',
    faults: at('get', { kind: 'truncated-json' }, always),
    code: 'FW_GATEWAY',
    says: /cut off/,
    leaves: 'ACTIVE',
  },
  {
    name: 'look: body over 4 MiB',
    faults: at('get', { kind: 'huge-json' }, always),
    code: 'FW_GATEWAY',
    says: /longer than 4 MiB/,
    leaves: 'nothing',
  },
  {
    name: 'look: not HTTP',
    faults: at('get', { kind: 'garbage' }, always),
    code: 'FW_GATEWAY',
    says: /is not HTTP/,
    leaves: 'nothing',
  },
  {
    name: 'look: redirect',
    faults: at('get', { kind: 'redirect', location: 'https://elsewhere.example/' }),
    code: 'FW_GATEWAY',
    says: /302/,
    hints: /not followed/,
    leaves: 'nothing',
  },
  {
    name: 'endpoint: empty URLs',
    faults: at('endpoint', { kind: 'empty-urls' }, always),
    code: 'FW_GATEWAY',
    says: /gave no upload URL for my-evaluator\.tar\.gz/,
    hints: LEFT_BUILDING,
    leaves: 'BUILDING',
  },
  {
    name: 'endpoint: another file name',
    faults: at('endpoint', { kind: 'wrong-filename' }, always),
    code: 'FW_GATEWAY',
    says: /gave no upload URL/,
    hints: LEFT_BUILDING,
    leaves: 'BUILDING',
  },
  {
    name: 'endpoint: a header is signed that cannot be known',
    faults: at('endpoint', { kind: 'signed-header', name: 'x-goog-meta-owner', value: 'x' }, always),
    code: 'FW_SIGNED_URL',
    says: /demands the header "x-goog-meta-owner"/,
    hints: LEFT_BUILDING,
    leaves: 'BUILDING',
  },
  { name: 'URL expired once', faults: at('endpoint', { kind: 'expired-url' }) },
  { name: 'URL expired twice', faults: at('endpoint', { kind: 'expired-url' }, 2) },
  {
    name: 'URL expired always',
    faults: at('endpoint', { kind: 'expired-url' }, always),
    code: 'FW_SIGNED_URL',
    says: /3 signed URLs expired/,
    hints: LEFT_BUILDING,
    leaves: 'BUILDING',
  },
  {
    name: 'put: 403 with an echo of what was signed',
    faults: at(
      'put',
      status(403, {
        body: '<Error><Code>SignatureDoesNotMatch</Code><Message>No match.</Message><StringToSign>MARKERSIGNATURE</StringToSign></Error>',
      }),
      always,
    ),
    code: 'FW_SIGNED_URL',
    says: /403 SignatureDoesNotMatch: No match/,
    attempts: 1,
    hints: LEFT_BUILDING,
    leaves: 'BUILDING',
  },
  ...[500, 503, 408, 429].map((code) => ({ name: `put: ${code} once`, faults: at('put', status(code)) })),
  { name: 'put: reset before the body', faults: at('put', { kind: 'reset' }) },
  { name: 'put: reset in the middle of the body', faults: at('put', { kind: 'reset-mid-body', bytes: 100 }) },
  { name: 'put: the answer is lost', faults: at('put', { kind: 'reset-after' }) },
  {
    name: 'put: reset always',
    faults: at('put', { kind: 'reset' }, always),
    code: 'FW_NETWORK',
    says: /Could not upload my-evaluator\.tar\.gz/,
    attempts: 3,
    hints: LEFT_BUILDING,
    leaves: 'BUILDING',
  },
  { name: 'put: slow store', faults: at('put', { kind: 'slow', bytesPerSecond: 4000 }) },
  { name: 'put: other bytes stored, once', faults: at('put', { kind: 'wrong-md5' }) },
  {
    name: 'put: other bytes stored, twice',
    faults: at('put', { kind: 'wrong-md5' }, always),
    code: 'FW_INTEGRITY',
    says: /holds other bytes than were sent/,
    attempts: 2,
    hints: LEFT_BUILDING,
    leaves: 'BUILDING',
  },
  { name: 'validate: not landed at first', faults: at('validate', { kind: 'not-landed' }, 2) },
  { name: 'validate: the answer is lost', faults: at('validate', { kind: 'reset-after' }) },
  { name: 'validate: 503 once', faults: at('validate', status(503)) },
  {
    name: 'validate: 500 always',
    faults: at('validate', status(500), always),
    code: 'FW_GATEWAY',
    says: /Could not validate/,
    hints: LEFT_STORED,
    leaves: 'BUILDING',
  },
  {
    name: 'the build fails',
    faults: at('validate', { kind: 'build-fails', message: 'No module named foo', log: 'line 1\nline 2' }),
    code: 'FW_BUILD_FAILED',
    says: /No module named foo\.\nline 1\nline 2/,
    hints: /Fix the error in the log, then run again/,
    leaves: 'BUILD_FAILED',
  },
  {
    name: 'the build never ends',
    faults: at('validate', { kind: 'build-never-ends' }),
    options: { wait: { intervalMs: 1, timeoutMs: 50 } },
    code: 'FW_TIMEOUT',
    says: /still BUILDING/,
    hints: /goes on at the service/,
    leaves: 'BUILDING',
  },
]

/** What each fault printed, for a person to read. */
const REPORT = new URL('../../.reports/faults.md', import.meta.url)

beforeAll(() => {
  mkdirSync(new URL('.', REPORT), { recursive: true })
  writeFileSync(REPORT, '| fault | what was printed |\n|---|---|\n')
})

function record(name: string, printed: string): void {
  appendFileSync(REPORT, `| ${name} | ${printed.replaceAll('\n', ' ⏎ ').replaceAll('|', '\\|')} |\n`)
}

const usual: Partial<UploadOptions> = { wait: { intervalMs: 1 } }
const overcome = rows.filter(({ code }) => code === undefined)
const fatal = rows.filter(({ code }) => code !== undefined)

test.each(overcome)('$name: the upload ends well', async ({ name, faults, options }) => {
  const { upload, emulator, temporaries } = await bench()
  emulator.faults.add(...faults)
  expect((await upload({ ...usual, ...options })).evaluator?.state).toBe('ACTIVE')
  expect(emulator.faults.pending).toEqual([])
  expect(await temporaries()).toEqual([])
  record(name, 'uploaded, ACTIVE')
})

test.each(fatal)('$name: $code, and running again completes it', async (row) => {
  const { upload, uploadFails, emulator } = await bench()
  emulator.faults.add(...row.faults)
  const error = await uploadFails({ ...usual, ...row.options })
  expect(error).toMatchObject({
    code: row.code,
    message: expect.stringMatching(row.says ?? /./),
    ...(row.hints && { hint: expect.stringMatching(row.hints) }),
    ...(row.attempts && { attempts: row.attempts }),
  })
  expect(emulator.evaluators.get('my-evaluator')?.state ?? 'nothing').toBe(row.leaves)
  record(row.name, `${error.code} ${error.message} ${error.hint ?? ''}`)

  emulator.faults.clear()
  expect(await upload(usual)).toMatchObject({ evaluator: { state: 'ACTIVE' } })
})
