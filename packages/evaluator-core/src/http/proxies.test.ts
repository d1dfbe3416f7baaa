import { expect, test } from 'vitest'
import { redact } from '../redact.ts'
import { proxyCredentials, resolveProxies } from './proxies.ts'

const through = (env: Record<string, string>, origin: string) => resolveProxies(env)(new URL(origin))?.host

test.each([
  [{ HTTP_PROXY: 'http://p:1' }, 'http://a.example', 'p:1'],
  [{ http_proxy: 'http://small:1', HTTP_PROXY: 'http://large:1' }, 'http://a.example', 'small:1'],
  [{ http_proxy: '', HTTP_PROXY: 'http://large:1' }, 'http://a.example', 'large:1'],
  [{ HTTPS_PROXY: 'http://p:1' }, 'http://a.example', undefined],
  [{ HTTPS_PROXY: 'http://p:1' }, 'https://a.example', 'p:1'],
  [{ HTTP_PROXY: 'http://p:1' }, 'https://a.example', 'p:1'],
  [{ HTTP_PROXY: 'http://p:1', HTTPS_PROXY: 'http://q:2' }, 'https://a.example', 'q:2'],
  [{ HTTP_PROXY: 'proxy:3128' }, 'http://a.example', 'proxy:3128'],
  [{ HTTP_PROXY: 'localhost:1' }, 'http://a.example', 'localhost:1'],
  [{ HTTP_PROXY: 'me:word@proxy:3128' }, 'http://a.example', 'proxy:3128'],
  [{ HTTP_PROXY: '[::1]:3128' }, 'http://a.example', '[::1]:3128'],
  [{ HTTP_PROXY: ' socks5://p:1 ' }, 'http://a.example', 'p:1'],
  [{}, 'https://a.example', undefined],
])('%j: %s goes through %s', (env, origin, host) => {
  expect(through(env, origin)).toBe(host)
})

test.each(['http://', 'http://a b', ':::', 'ftp://p:1', 'socks4://p:1', 'p:99999', 'http://[::1'])(
  '%s is the fault of the variable, whose value is not told',
  (value) => {
    expect(() => resolveProxies({ HTTPS_PROXY: value })).toThrow(
      expect.objectContaining({
        code: 'FW_CONFIG',
        message: 'HTTPS_PROXY does not name a proxy that can be used.',
      }),
    )
  },
)

test('name and password are decoded, and the password is a secret', () => {
  const proxy = resolveProxies({ HTTP_PROXY: 'http://me:pass%3Aword%25@p:1' })(new URL('http://a.example'))
  expect(proxy && proxyCredentials(proxy)).toEqual({ name: 'me', password: 'pass:word%' })
  expect(redact('pass:word%')).toBe('[redacted]')
})

test.each([
  ['*', 'https://a.example'],
  ['a.example', 'https://a.example'],
  ['A.Example.', 'https://a.example'],
  ['example', 'https://a.example'],
  ['.example', 'https://a.example'],
  ['*.example', 'https://a.example'],
  ['*a.example', 'https://b.a.example'],
  ['x, a.example', 'https://a.example'],
  ['x a.example', 'https://a.example'],
  ['a.example:443', 'https://a.example'],
  ['127.0.0.1', 'http://127.0.0.1:3000'],
  ['127.0.0.1:3000', 'http://127.0.0.1:3000'],
  ['127.0.0.0/8', 'http://127.0.0.1:3000'],
  ['10.0.0.0/8,192.168.0.0/16', 'https://192.168.3.4'],
  ['::1', 'http://[::1]:3000'],
  ['[::1]', 'http://[::1]:3000'],
  ['[::1]:3000', 'http://[::1]:3000'],
  ['0:0:0:0:0:0:0:1', 'http://[::1]:3000'],
  ['fd00::/8', 'https://[fd12::3]'],
])('NO_PROXY=%s exempts %s', (NO_PROXY, origin) => {
  expect(through({ HTTP_PROXY: 'http://p:1', NO_PROXY }, origin)).toBe(undefined)
})

test.each([
  ['', 'https://a.example'],
  ['a.example', 'https://ba.example'],
  ['a.example', 'https://a.example.com'],
  ['a.example:444', 'https://a.example'],
  ['127.0.0.1:3001', 'http://127.0.0.1:3000'],
  ['10.0.0.0/8', 'https://11.0.0.1'],
  ['10.0.0.0/33', 'https://10.0.0.1'],
  ['10.0.0.0/', 'https://11.0.0.1'],
  ['1', 'https://10.0.0.1'],
  ['0.1', 'https://10.0.0.1'],
  ['::1', 'http://[::2]:3000'],
  ['fd00::/8', 'https://[fe80::1]'],
])('NO_PROXY=%s does not exempt %s', (NO_PROXY, origin) => {
  expect(through({ HTTP_PROXY: 'http://p:1', NO_PROXY }, origin)).toBe('p:1')
})
