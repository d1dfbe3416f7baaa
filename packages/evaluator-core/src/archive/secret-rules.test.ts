import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { armour, madeUpTokens, openSshKey, random, withChecksum } from '../../test/made-up-secrets.ts'
import { PRIVATE_KEY_RULE, SERVICE_ACCOUNT_RULE, TOKEN_RULES } from './secret-rules.ts'
import { createSecretScan } from './secret-scan.ts'

/** `rule at offset` of all that is found in a file that comes in pieces of these lengths. */
function findings(text: string, lengths: readonly number[] = []): string[] {
  const scan = createSecretScan(undefined)
  const bytes = Buffer.from(text)
  let at = 0
  for (const length of [...lengths, bytes.length]) {
    if (at < bytes.length) scan.piece('f', bytes.subarray(at, at + length))
    at += length
  }
  scan.endOfFile()
  try {
    scan.end((_, offset) => offset)
    return []
  } catch (error) {
    const message = error instanceof Error ? error.message : ''
    return Array.from(
      message.matchAll(/f, line (\d+) \((.*?)\)/g),
      ([, offset, rule]) => `${rule} at ${offset}`,
    )
  }
}

describe('a token', () => {
  const tokens = madeUpTokens()

  test('is made up here for every rule', () => {
    expect([...new Set(tokens.map(([rule]) => rule))].sort()).toEqual(
      [...new Set(TOKEN_RULES.map(({ name }) => name))].sort(),
    )
  })

  const AROUND: [string, string][] = [
    ['', ''],
    ['KEY = "', '"\n'],
    ['export TOKEN=', '\nnext\n'],
    ['{"text": "one\\n', '\\n"}'],
    ['https://user:', '@example.com/'],
    ['?key=%22', '%22&b'],
    ["'\\x22", "\\x22'"],
    ['"\\u0022', '\\u0022"'],
    ['some-long-name-of-a-thing_', ' '],
    [`${'x'.repeat(5000)} `, ` ${'y'.repeat(5000)}`],
  ]
  test.each(tokens)('is found: %s', (rule, token) => {
    for (const [before, after] of AROUND) {
      const offset = before.length + (rule === 'AWS secret key' ? token.search(/A[KS]IA/) : 0)
      expect(findings(before + token + after)).toEqual([`${rule} at ${offset}`])
    }
  })

  test.each(tokens)('is found wherever the file is cut: %s', (rule, token) => {
    const text = `${'word '.repeat(400)}"${token}"${' word'.repeat(400)}`
    for (let cut = 1990; cut < 2010 + token.length; cut++) {
      expect(findings(text, [cut])).toHaveLength(1)
      expect(findings(text, [cut, 3, 40, 1])[0]).toContain(rule)
    }
  })

  test.each(['', ' and so on'])(
    'is found in a long line without a space, wherever it is cut; after it %j',
    (after) => {
      const token = withChecksum('ghp')
      const text = `${'long-word-'.repeat(300)}${token}${'-long-word'.repeat(300)}${after}`
      for (let cut = 2900; cut < 3140; cut += 3)
        expect(findings(text, [cut])).toEqual(['GitHub token at 3000'])
    },
  )

  test('is nothing where it is text of the same shape', () => {
    const swapped = (token: string): string =>
      token.replace(/.(.)$/, (two) => `${two === 'aa' ? 'bb' : 'aa'}`)
    const aws = (id: string, secret: string): string =>
      `aws_access_key_id=${id}\naws_secret_access_key=${secret}\n`
    for (const text of [
      swapped(withChecksum('ghp')),
      swapped(withChecksum('npm')),
      `npm_${'x'.repeat(36)}`,
      `github_pat_${'X'.repeat(22)}_${'X'.repeat(59)}`,
      `fw_${'someLongNameOfAFunctionHere'}`,
      'fw_1234567890abcdefghijklmnop',
      // A digest in base64 for URLs has the prefix by chance.
      `pip/version.py,sha256=qaN-fw_${random(16)}AB12cD34eF,160`,
      `fw_${'someLongNameOfV2FunctionHere'}`,
      `sk_live_${'x'.repeat(30)}`,
      `sk_test_${random(30)}`,
      `sk-ant-api03-${'a'.repeat(95)}`,
      'xoxb-your-token-goes-here-and-is-long',
      aws('AKIAIOSFODNN7EXAMPLE', 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'),
      aws(`AKIA${'Z'.repeat(16)}`, 'da39a3ee5e6b4b0d3255bfef95601890afd80709'),
      `AKIA${random(16, 'ABCDEF234567')} alone`,
      '550e8400-e29b-41d4-a716-446655440000',
      `sha512-${random(86, 'abcXYZ019+/')}==`,
      Buffer.from(`-----BEGIN CERTIFICATE-----\nMIID${random(600)}`).toString('base64'),
      Buffer.from(`-----BEGIN ${'PRIVATE'} KEY-----\n...\n${'a word '.repeat(40)}`).toString('base64'),
    ]) {
      expect([text, findings(text)]).toEqual([text, []])
    }
  })
})

describe('a private key', () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
  const ed25519 = generateKeyPairSync('ed25519').privateKey
  const sealed = { cipher: 'aes-256-cbc', passphrase: 'x', format: 'pem' } as const
  const KEYS: [string, string][] = [
    ['PKCS #1', `${rsa.export({ type: 'pkcs1', format: 'pem' })}`],
    ['PKCS #8', `${rsa.export({ type: 'pkcs8', format: 'pem' })}`],
    ['SEC 1', `${ec.export({ type: 'sec1', format: 'pem' })}`],
    ['Ed25519', `${ed25519.export({ type: 'pkcs8', format: 'pem' })}`],
    ['sealed PKCS #8', `${rsa.export({ type: 'pkcs8', ...sealed })}`],
    ['sealed PKCS #1', `${rsa.export({ type: 'pkcs1', ...sealed })}`],
    ['OpenSSH', openSshKey()],
  ]

  test.each(KEYS)('is found, however it is written: %s', (_, pem) => {
    const lines = pem.trimEnd().split('\n')
    for (const text of [
      pem,
      `# Notes\n\n${pem}`,
      pem.replaceAll('\n', '\r\n'),
      lines.map((line) => `    ${line}\n`).join(''),
      JSON.stringify({ key: pem }),
      JSON.stringify(JSON.stringify({ key: pem })),
      lines.map((line) => `  '${line}\\n' +\n`).join(''),
      lines.map((line) => `# ${line}\n`).join(''),
    ]) {
      expect(findings(text)).toEqual([`${PRIVATE_KEY_RULE.name} at ${text.indexOf('-----BEGIN')}`])
    }
  })

  test.each(KEYS)('is found wherever the file is cut: %s', (_, pem) => {
    const text = `${'word '.repeat(400)}${pem}${' word'.repeat(400)}`
    for (let cut = 1980; cut < 2300; cut += 7) expect(findings(text, [cut])).toHaveLength(1)
  })

  test('in the JSON of a service account is called so', () => {
    const json = JSON.stringify(
      { type: 'service_account', private_key: KEYS[1]?.[1], client_email: 'a@b' },
      null,
      2,
    )
    expect(findings(json)).toEqual([`${SERVICE_ACCOUNT_RULE.name} at ${json.indexOf('-----BEGIN')}`])
  })

  test('is none where documentation shows its header, or a certificate', () => {
    const header = `-----BEGIN RSA ${'PRIVATE'} KEY-----`
    for (const text of [
      `${header}\n...\nKh9NV...\n...\n-----END DSA ${'PRIVATE'} KEY-----`,
      `if (text.includes('${header}')) throw new Error('no')`,
      `${header}\n${'x'.repeat(64)}\n`,
      `${header}\nMIIEowIBAAKCAQEA...\n`,
      armour('', Buffer.alloc(600)),
      armour('RSA', Buffer.from('not a key at all, but some text that is long enough to be one '.repeat(5))),
      (KEYS[0]?.[1] ?? '').replaceAll(`${'PRIVATE'} KEY`, 'CERTIFICATE'),
    ]) {
      expect([text, findings(text)]).toEqual([text, []])
    }
  })
})
