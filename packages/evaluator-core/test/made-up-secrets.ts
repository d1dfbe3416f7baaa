import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto'
import { crc32 } from 'node:zlib'

// Made up while the tests run: no file of this repository holds what looks like a secret.

const BASE_62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

let drawn = 0

/** The same in every run: the rules miss one random token in a thousand, and a test must not. */
function draw(below: number): number {
  drawn += 1
  return createHash('sha256').update(`secret ${drawn}`).digest().readUInt32BE() % below
}

/** What a generator of keys makes of `of`. */
export function random(length: number, of: string = BASE_62): string {
  return Array.from({ length }, () => of.charAt(draw(of.length))).join('')
}

/** A token of GitHub or npm, whose last six characters are a checksum. */
export function withChecksum(prefix: string): string {
  const body = random(30)
  let tail = ''
  for (let sum = crc32(body); tail.length < 6; sum = Math.floor(sum / 62))
    tail = BASE_62.charAt(sum % 62) + tail
  return `${prefix}_${body}${tail}`
}

/** The armour of a private key around `bytes`, in lines of 64 characters. */
export function armour(kind: string, bytes: Uint8Array): string {
  const lines =
    Buffer.from(bytes)
      .toString('base64')
      .match(/.{1,64}/g) ?? []
  const label = `${kind} ${'PRIVATE'} KEY`.trim()
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`
}

/** As `ssh-keygen` writes it, as far as anybody looks. */
export const openSshKey = (): string =>
  armour('OPENSSH', Buffer.concat([Buffer.from('openssh-key-v1\0'), randomBytes(380)]))

function privateKeyInBase64(kind: string): string {
  const { privateKey } =
    kind === 'rsa'
      ? generateKeyPairSync('rsa', { modulusLength: 2048 })
      : generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return Buffer.from(privateKey.export({ type: 'pkcs8', format: 'pem' })).toString('base64')
}

/** A token of each rule, by the name of the rule. */
export function madeUpTokens(): [rule: string, token: string][] {
  const digits = '0123456789'
  const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
  const url = `${BASE_62}_-`
  return [
    ...['ghp', 'gho', 'ghu', 'ghs', 'ghr'].map((kind): [string, string] => [
      'GitHub token',
      withChecksum(kind),
    ]),
    ['GitHub token', `github_pat_${random(22)}_${random(59)}`],
    ['GitHub token', `ghs_1234_eyJ${random(40)}.eyJ${random(60)}.${random(43, url)}`],
    ['npm token', withChecksum('npm')],
    ['PyPI token', `pypi-${'AgEIcHlwaS5vcmc'}${random(150, url)}`],
    ['PyPI token', `pypi-${'AgENdGVzdC5weXBpLm9yZw'}${random(150, url)}`],
    ['AWS secret key', `AKIA${random(16, base32)}\nsecret = ${random(39, `${BASE_62}/+`)}7`],
    ['AWS secret key', `{"AccessKeyId": "ASIA${random(16, base32)}", "SecretAccessKey": "${random(39)}7"}`],
    ['Slack token', `xoxb-${random(12, digits)}-${random(13, digits)}-${random(24)}`],
    [
      'Slack token',
      `xoxp-${random(11, digits)}-${random(11, digits)}-${random(11, digits)}-${random(32, '0123456789abcdef')}`,
    ],
    ['Slack token', `xapp-1-A${random(10, base32)}-${random(13, digits)}-${random(64, '0123456789abcdef')}`],
    ['Stripe live key', `sk_live_51${random(97)}`],
    ['Stripe live key', `rk_live_${random(24)}`],
    ['OpenAI key', `sk-${random(20)}T3BlbkFJ${random(20)}`],
    ['OpenAI key', `sk-proj-${random(74, url)}T3BlbkFJ${random(74, url)}`],
    ['Anthropic key', `sk-ant-api03-${random(93, url)}AA`],
    ['Fireworks key', `fw_${random(24)}`],
    ['Hugging Face token', `hf_${random(34, BASE_62.slice(10))}`],
    ['GitLab token', `glpat-${random(20)}`],
    ...['rsa', 'ec'].map((kind): [string, string] => ['private key in base64', privateKeyInBase64(kind)]),
  ]
}
