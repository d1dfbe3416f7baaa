import { crc32 } from 'node:zlib'

/** A kind of secret that is known by its content. The table in SECURITY.md is made from these. */
export interface SecretRule {
  /** For people. */
  readonly name: string
  /** Content that it is recognised by, in Markdown, for the documentation. */
  readonly looks: string
  /** Prefixes that the fast search looks for, separated by spaces. None matches within a word: see token-runs.ts. */
  readonly prefixes: string
  readonly pattern: RegExp
  /** Tells the real ones from text that only has their shape. `around` is some hundred bytes on both sides. */
  isReal?(match: RegExpExecArray, around: string): boolean
}

const ESCAPE = String.raw`(?<=\\[nrt]|%[0-9A-Fa-f]{2}|\\x[0-9A-Fa-f]{2}|\\u[0-9A-Fa-f]{4})`
/** No letter or digit before it, unless it is that of an escape: `\n`, `\x22`, `\u0022`, `%22`. */
const START = `(?:(?<![A-Za-z0-9])|${ESCAPE})`
/** The same for prefixes so short that they come by chance in base64 for URLs, as in `qaN-fw_`: after words only. */
const WORD_START = String.raw`(?:(?<=(?<![\w-])(?:(?:[A-Z]?[a-z]+|[A-Z]+)\d{0,2}[_-])*)|${ESCAPE})`
const END = '(?![A-Za-z0-9_])'
const token = (source: string): RegExp => new RegExp(source, 'g')

/** Each of these has a prefix, and is a run of letters, digits, `_` and `-`: see token-runs.ts. */
export const TOKEN_RULES: readonly SecretRule[] = [
  {
    name: 'GitHub token',
    looks: '`ghp_…`, `gho_…`, `ghu_…`, `ghs_…`, `ghr_…` with a correct checksum',
    prefixes: 'ghp_ gho_ ghu_ ghs_ ghr_',
    pattern: token(`${START}gh[pousr]_([A-Za-z0-9]{30})([A-Za-z0-9]{6})${END}`),
    isReal: hasChecksum,
  },
  {
    name: 'GitHub token',
    looks: '`github_pat_…`, `ghs_…` with a JSON Web Token',
    prefixes: 'github_pat_ ghs_',
    pattern: token(
      `${START}(?:github_pat_([A-Za-z0-9]{22}_[A-Za-z0-9]{59})${END}|ghs_\\d{1,20}_(eyJ[\\w-]{20,}\\.eyJ[\\w-]{20,}\\.[\\w-]{20,}))`,
    ),
    isReal: ([, fineGrained, jwt]) => looksRandom(fineGrained ?? jwt ?? ''),
  },
  {
    name: 'npm token',
    looks: '`npm_…` with a correct checksum',
    prefixes: 'npm_',
    pattern: token(`${START}npm_([A-Za-z0-9]{30})([A-Za-z0-9]{6})${END}`),
    isReal: hasChecksum,
  },
  {
    name: 'PyPI token',
    looks: '`pypi-AgEIcHlwaS5vcmc…`, also of TestPyPI',
    prefixes: 'pypi-',
    pattern: token(`${START}pypi-AgE(?:IcHlwaS5vcmc|NdGVzdC5weXBpLm9yZw)([\\w-]{50,})`),
    isReal: ([, body = '']) => looksRandom(body),
  },
  {
    name: 'AWS secret key',
    looks:
      'forty characters within 500 bytes of an id like `AKIA…` or `ASIA…`; not those in AWS’s documentation',
    prefixes: 'AKIA ASIA',
    pattern: token(`${START}(?:AKIA|ASIA)[A-Z2-7]{16}${END}`),
    isReal: ([id], around) => !id.endsWith('EXAMPLE') && holdsAwsSecret(around),
  },
  {
    name: 'Slack token',
    looks: '`xoxb-…`, `xoxp-…` and similar, `xapp-…`',
    prefixes: 'xoxa- xoxb- xoxd- xoxe- xoxo- xoxp- xoxr- xoxs- xapp-',
    pattern: token(
      `${START}(?:xox[abdeoprs](?:\\.xox[bp])?-(?:\\d{1,14}-){1,4}|xapp-\\d-[A-Z0-9]{6,}-\\d{6,}-)([A-Za-z0-9]{16,})`,
    ),
    isReal: ([, body = '']) => looksRandom(body),
  },
  {
    name: 'Stripe live key',
    looks: '`sk_live_…`, `rk_live_…`',
    prefixes: 'sk_live_ rk_live_',
    pattern: token(`${START}[sr]k_live_([A-Za-z0-9]{20,})`),
    isReal: ([, body = '']) => looksRandom(body),
  },
  {
    name: 'OpenAI key',
    looks: '`sk-…` with `T3BlbkFJ` inside',
    prefixes: 'sk-',
    pattern: token(`${START}sk-[\\w-]{16,}T3BlbkFJ([\\w-]{16,})`),
    isReal: ([, body = '']) => looksRandom(body),
  },
  {
    name: 'Anthropic key',
    looks: '`sk-ant-api03-…` and similar',
    prefixes: 'sk-',
    pattern: token(`${START}sk-ant-[a-z]{2,8}\\d\\d-([\\w-]{80,})`),
    isReal: ([, body = '']) => looksRandom(body),
  },
  {
    name: 'Fireworks key',
    looks: '`fw_…`; core searches for the key in use in more encodings',
    prefixes: 'fw_',
    pattern: token(`${WORD_START}fw_([A-Za-z0-9]{22,64})${END}`),
    isReal: ([, body = '']) => looksRandom(body),
  },
  {
    name: 'Hugging Face token',
    looks: '`hf_…`',
    prefixes: 'hf_',
    pattern: token(`${WORD_START}hf_([A-Za-z]{34})${END}`),
    isReal: ([, body = '']) => looksRandom(body),
  },
  {
    name: 'GitLab token',
    looks: '`glpat-…`',
    prefixes: 'glpat-',
    pattern: token(`${START}glpat-([\\w-]{20,})`),
    isReal: ([, body = '']) => looksRandom(body),
  },
  {
    name: 'private key in base64',
    looks: 'that of a private key with its header, as in a kubeconfig under any name',
    prefixes: 'LS0tLS1CRUdJTi',
    pattern: token(`${START}LS0tLS1CRUdJTi[A-Za-z0-9+/]{100,}`),
    isReal: ([text]) => !privateKeys(Buffer.from(text, 'base64').toString('latin1')).next().done,
  },
]

/** Name of the rule for keys with a header, which are found by {@link isPrivateKey}. */
export const PRIVATE_KEY_RULE: Pick<SecretRule, 'name' | 'looks'> = {
  name: 'private key',
  looks: '`-----BEGIN … PRIVATE KEY-----` followed by a key',
}
export const SERVICE_ACCOUNT_RULE: Pick<SecretRule, 'name' | 'looks'> = {
  name: 'Google service account',
  looks: 'a private key with `"type": "service_account"`',
}

const BASE_62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** GitHub and npm end their tokens with the CRC-32 of what stands before, in base 62. Text of their shape has not. */
function hasChecksum([, body = '', checksum = '']: RegExpExecArray): boolean {
  let sum = 0
  for (const digit of checksum) sum = sum * 62 + BASE_62.indexOf(digit)
  return sum === crc32(body)
}

/**
 * Letters of both cases and digits alternate in what a generator made, and hardly ever in a name or a placeholder.
 * Of a thousand random texts of 24 characters one is missed; names in camel case have no two capitals in a row.
 */
function looksRandom(text: string): boolean {
  const kinds = Array.from(text, kindOf)
  const pairs = kinds.slice(1).map((kind, index) => [kinds[index], kind])
  const changes = pairs.filter(([a, b]) => a !== b).length
  const digits = kinds.filter((kind) => kind === 'digit').length
  const capitals = pairs.filter(([a, b]) => a === 'upper' && b === 'upper').length
  return changes >= text.length * 0.3 && digits + capitals >= 2 && new Set(text).size >= 8
}

function kindOf(character: string): 'digit' | 'lower' | 'upper' | 'sign' {
  if (/\d/.test(character)) return 'digit'
  if (/[a-z]/.test(character)) return 'lower'
  return /[A-Z]/.test(character) ? 'upper' : 'sign'
}

function holdsAwsSecret(around: string): boolean {
  for (const [secret] of around.matchAll(/(?<![A-Za-z0-9/+])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])/g)) {
    const isMixed = /[a-z]/.test(secret) && /[A-Z]/.test(secret) && /[0-9/+]/.test(secret)
    if (isMixed && !secret.includes('EXAMPLE') && looksRandom(secret)) return true
  }
  return false
}

const HEADER = /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----/g
/** What may stand between the lines of a key: line ends, also escaped ones, quotes, signs of comments and of joining. */
const BETWEEN = /(?:\\+[nrt]|[\s"'`,;>#*|\\]|(?<=["'`]\s*)\+)+/y
const ARMOUR_LINE = /(?:Proc-Type|DEK-Info|Version|Comment|Hash|Charset): ?[^\n\\"]*/y
/** A key of 8,000 bits has more, and that of an elliptic curve less; it says so in its first bytes. */
const ENOUGH_CHARACTERS = 240

/** Where in `text` the headers of private keys stand that truly have a key below them. */
export function* privateKeys(text: string): Generator<number> {
  for (const { 0: header, index } of text.matchAll(HEADER)) {
    const isArmoured = header.includes('BLOCK')
    const { body, isEncrypted } = readBody(text, index + header.length)
    if (isKey(body, isArmoured || isEncrypted)) yield index
  }
}

/** As many characters of base 64 as are there, up to what is enough. */
function readBody(text: string, from: number): { body: string; isEncrypted: boolean } {
  let body = ''
  let isEncrypted = false
  for (let at = from; body.length < ENOUGH_CHARACTERS; ) {
    const armour = matchAt(ARMOUR_LINE, text, at)
    isEncrypted ||= /^(?:Proc-Type|DEK-Info)/.test(armour)
    const between = armour || matchAt(BETWEEN, text, at)
    const piece = between || matchAt(/[A-Za-z0-9+/]+=*/y, text, at)
    if (piece === '') break
    if (between === '') body += piece
    at += piece.length
  }
  return { body, isEncrypted }
}

function matchAt(sticky: RegExp, text: string, at: number): string {
  sticky.lastIndex = at
  return sticky.exec(text)?.[0] ?? ''
}

/** Of an unencrypted key the first bytes are known: a sequence of DER with its length, or OpenSSH's mark. */
function isKey(body: string, isOpaque: boolean): boolean {
  if (new Set(body).size < 16) return false
  if (isOpaque || body.startsWith('b3BlbnNzaC1rZXktdjE')) return body.length >= 100
  const [tag, length = 0, ...more] = Buffer.from(body.slice(0, 8), 'base64')
  if (tag !== 0x30) return false
  const lengthBytes = length < 0x80 ? 0 : length - 0x80
  if (lengthBytes > 2) return false
  const content =
    lengthBytes === 0 ? length : more.slice(0, lengthBytes).reduce((sum, byte) => sum * 256 + byte, 0)
  const characters = Math.ceil(((2 + lengthBytes + content) * 8) / 6)
  return body.length >= Math.max(60, Math.min(characters, ENOUGH_CHARACTERS))
}
