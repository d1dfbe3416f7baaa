import { createRandom, type Random } from './random.ts'

export interface Answer {
  status: number
  headers: [name: string, value: string][]
  body: Buffer
}

/** How an answer goes out. */
export type Delivery =
  | 'whole'
  | 'late'
  | 'dripping'
  | 'cut in its head'
  | 'cut in its body'
  | 'reset'
  | 'silence'
  | 'not HTTP'
  | 'twice'
  | 'after a 100 Continue'
  | 'without an end'

export interface Fuzzed {
  answer: Answer
  delivery: Delivery
  /** What was changed, for a report. */
  kinds: string[]
}

// biome-ignore format: a table
const STATUSES: readonly [number, ...number[]] = [
  200, 200, 201, 202, 203, 204, 205, 206, 226, 299, 300, 301, 302, 303, 304, 307, 308, 400, 400, 401, 402, 403, 404, 405,
  406, 407, 408, 409, 410, 411, 412, 413, 415, 416, 417, 418, 421, 422, 425, 429, 431, 451, 499, 500, 501, 502, 503, 504,
  505, 507, 508, 511, 520, 522, 529, 599,
]

const HEADERS: readonly [[string, string], ...[string, string][]] = [
  ['content-type', 'text/html'],
  ['content-type', 'application/json; charset=utf-16'],
  ['content-type', ';;;'],
  ['content-encoding', 'gzip'],
  ['content-encoding', 'br, gzip'],
  ['content-encoding', 'x-unheard-of'],
  ['transfer-encoding', 'gzip'],
  ['content-length', '7'],
  ['content-length', '-1'],
  ['content-length', '9007199254740993'],
  ['content-length', '1, 2'],
  ['content-range', 'bytes 0-0/*'],
  ['content-range', 'bytes 9-1/banana'],
  ['retry-after', '99999999999'],
  ['retry-after', '-5'],
  ['retry-after', 'Wed, 21 Oct 2099 07:28:00 GMT'],
  ['retry-after', 'soon'],
  ['date', 'never'],
  ['location', 'http://127.0.0.1:1/elsewhere'],
  ['location', 'file:///etc/passwd'],
  ['connection', 'close'],
  ['connection', 'upgrade'],
  ['etag', '"d41d8cd98f00b204e9800998ecf8427e"'],
  ['etag', 'W/""'],
  ['x-goog-hash', 'md5=AAAAAAAAAAAAAAAAAAAAAA=='],
  ['x-goog-hash', 'md5='],
  ['x-goog-hash', 'crc32c=zzzz,md5'],
  ['x-goog-stored-content-length', '3'],
  ['x-request-id', '\u001b]0;owned\u0007\u001b[31mred'],
  ['x-request-id', 'x'.repeat(9000)],
  ['x-long', 'y'.repeat(70_000)],
  ['__proto__', 'polluted'],
  ['constructor', 'polluted'],
  ['no colon', ''],
  ['set-cookie', 'a=b'],
]

/** Texts that a terminal obeys, among words. */
const HOSTILE =
  '\u001b[2J\u001b]8;;http://x\u0007link\u001b]8;;\u0007 \u009b31m ab\b\bcd real\rfake \u202egnp.exe \u2066x\u2069 \u007f'

const wrap = (message: string): string => JSON.stringify({ code: 3, message, details: [] })

/** Each makes another body of the one that would have come, and of what was asked. */
const BODIES: Readonly<Record<string, (random: Random, body: Buffer, asked: string) => Buffer | string>> = {
  'truncated body': ({ below }, body) => body.subarray(0, below(body.length + 1)),
  'doubled body': (_, body) => Buffer.concat([body, body]),
  'flipped bytes': ({ below }, body) => {
    const flipped = Buffer.from(body)
    for (let times = 3; times > 0 && flipped.length > 0; times--) flipped[below(flipped.length)] = below(256)
    return flipped
  },
  'binary body': ({ bytes, below }) => bytes(below(3000)),
  'empty body': () => '',
  'BOM before the body': (_, body) => Buffer.concat([Buffer.from('\ufeff'), body]),
  'deep JSON': ({ pick }) => {
    const deep = pick([100, 5000, 100_000])
    return `${'{"a":'.repeat(deep)}1${'}'.repeat(deep)}`
  },
  'JSON of other types': (random, body) => retyped(random, body),
  'no object': ({ pick }) =>
    pick(['null', '[]', '"text"', '7', 'true', '[[[]]]', '{"__proto__":{"state":"ACTIVE"}}']),
  HTML: () => `<html><title>Sign in ${HOSTILE}</title><body>Welcome</body></html>`,
  'hostile text': () => wrap(HOSTILE),
  XML: ({ pick }) => {
    const code = pick(['ExpiredToken', 'AccessDenied', 'SignatureDoesNotMatch', 'SlowDown', `No${HOSTILE}`])
    return `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${HOSTILE}</Message></Error>`
  },
  'endless XML': () => `<Error>${'<Code>'.repeat(20_000)}`,
  'echo of the request': (_, __, asked) => wrap(`you sent ${asked}`),
  'echo in base64': (_, __, asked) => wrap(Buffer.from(asked).toString('base64')),
  'echo, percent-encoded': (_, __, asked) =>
    `<Error><Code>Bad</Code><Message>${encodeURIComponent(asked)}</Message></Error>`,
  'large body': () => JSON.stringify({ padding: 'z'.repeat(6_000_000) }),
}
const BODY_KINDS = Object.keys(BODIES)

/** The same names with values of other types. */
function retyped({ pick, chance }: Random, body: Buffer): string {
  try {
    const value: unknown = JSON.parse(body.toString())
    const json = JSON.stringify(value, (name, inner: unknown) =>
      name !== '' && chance(0.5) ? pick([null, 7, -1e308, true, [], {}, '', 'text', [[{}]], HOSTILE]) : inner,
    )
    return json
  } catch {
    return '{'
  }
}

const DELIVERIES: readonly [Delivery, ...Delivery[]] = [
  'late',
  'dripping',
  'cut in its head',
  'cut in its body',
  'reset',
  'silence',
  'not HTTP',
  'twice',
  'after a 100 Continue',
  'without an end',
]

/** One to three changes of an answer. @param asked the request's own words, for a service that echoes them */
export function fuzz(seed: string, given: Answer, asked: string): Fuzzed {
  const random = createRandom(seed)
  const { chance, pick, below } = random
  const answer: Answer = { ...given, headers: [...given.headers] }
  const kinds: string[] = []
  if (chance(0.5)) {
    answer.status = pick(STATUSES)
    kinds.push(`status ${answer.status}`)
  }
  if (chance(0.4)) {
    const [name, value] = pick(HEADERS)
    // Beside the one that is there already, or instead of it.
    if (chance(0.5)) answer.headers = answer.headers.filter(([other]) => other !== name)
    answer.headers.push([name, value])
    kinds.push(`header ${name}`)
  }
  if (chance(0.1)) {
    answer.headers = []
    kinds.push('no headers')
  }
  if (chance(0.5)) {
    const kind = BODY_KINDS[below(BODY_KINDS.length)] ?? 'empty body'
    answer.body = Buffer.from(BODIES[kind]?.(random, given.body, asked) ?? '')
    kinds.push(kind)
  }
  const delivery = kinds.length === 0 || chance(0.3) ? pick(DELIVERIES) : 'whole'
  if (delivery !== 'whole') kinds.push(delivery)
  return { answer, delivery, kinds }
}
