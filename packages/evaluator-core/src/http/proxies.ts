import { BlockList, isIP } from 'node:net'
import { EvaluatorUploadError } from '../errors.ts'
import { keepSecret } from '../redact.ts'

/** Which proxy a request to an origin takes; `undefined` where it goes straight. */
export type Proxies = (origin: URL) => URL | undefined

const DEFAULT_PORTS: Readonly<Record<string, string>> = {
  'http:': '80',
  'https:': '443',
  'socks:': '1080',
  'socks5:': '1080',
  'socks5h:': '1080',
}

/**
 * Reads HTTP_PROXY, HTTPS_PROXY and NO_PROXY, whose names in small letters win, as curl has them. Where only HTTP_PROXY
 * is set, https goes that way too.
 * @throws EvaluatorUploadError FW_CONFIG where a variable does not name a proxy; its value is not told, for it may hold a password
 */
export function resolveProxies(env: Readonly<Record<string, string | undefined>> = process.env): Proxies {
  const read = (...names: string[]) => {
    const name = names.find((each) => env[each]?.trim())
    return name === undefined ? undefined : parseProxy(name, env[name]?.trim() ?? '')
  }
  const http = read('http_proxy', 'HTTP_PROXY')
  const https = read('https_proxy', 'HTTPS_PROXY') ?? http
  const isExempt = exemptions(env.no_proxy || env.NO_PROXY || '')
  return (origin) => (isExempt(origin) ? undefined : origin.protocol === 'https:' ? https : http)
}

/** `host:port` of a proxy, without its name and password: fit to be shown. */
export function proxyAddress(proxy: URL): string {
  return `${proxy.hostname}:${proxy.port || DEFAULT_PORTS[proxy.protocol]}`
}

function parseProxy(name: string, value: string): URL {
  const text = /^[a-z][a-z\d+.-]*:\/\//i.test(value) ? value : `http://${value}`
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url?.hostname || !Object.hasOwn(DEFAULT_PORTS, url.protocol)) {
    throw new EvaluatorUploadError('FW_CONFIG', `${name} does not name a proxy that can be used.`, {
      hint: 'Set it to http://host:port (https and socks5 are known too), or unset it.',
    })
  }
  if (url.password) keepSecret(decode(url.password))
  return url
}

/** The name and the password of a proxy's URL, which has them percent-encoded. */
export function proxyCredentials(proxy: URL): { name: string; password: string } | undefined {
  if (!proxy.username && !proxy.password) return undefined
  return { name: decode(proxy.username), password: decode(proxy.password) }
}

/** A lone per cent sign is no encoding, but what somebody typed. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/**
 * NO_PROXY: names, which stand for all below them too (`example.com`, `.example.com`, `*.example.com`), addresses,
 * blocks of addresses (`10.0.0.0/8`, `fd00::/8`), each with a port if need be, or `*` alone for everything.
 */
function exemptions(list: string): (origin: URL) => boolean {
  const addresses = new BlockList()
  const names: { name: string; port: string }[] = []
  for (const entry of list
    .toLowerCase()
    .split(/[\s,]+/)
    .filter(Boolean)) {
    if (entry === '*') return () => true
    const [, bracketed, ported] = /^\[(.+)\](?::(\d+))?$/.exec(entry) ?? []
    const [, bare = entry, port = ported ?? ''] =
      bracketed === undefined && isIP(entry) === 0 ? (/^([^:]+):(\d+)$/.exec(entry) ?? []) : []
    const host = bracketed ?? bare
    const [address = '', length] = host.split('/')
    const family = isIP(address)
    if (family === 0 || port) names.push({ name: host.replace(/^\*?\.?/, '').replace(/\.$/, ''), port })
    else addBlock(addresses, address, family, length)
  }
  return ({ hostname, port, protocol }) => {
    const host = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '')
    const family = isIP(host)
    if (family !== 0 && addresses.check(host, family === 6 ? 'ipv6' : 'ipv4')) return true
    const ownPort = port || (DEFAULT_PORTS[protocol] ?? '')
    return names.some(
      (each) =>
        (each.port === '' || each.port === ownPort) &&
        (host === each.name || (family === 0 && host.endsWith(`.${each.name}`))),
    )
  }
}

function addBlock(list: BlockList, address: string, family: number, length: string | undefined): void {
  const type = family === 6 ? 'ipv6' : 'ipv4'
  if (length === undefined) {
    list.addAddress(address, type)
  } else if (/^\d+$/.test(length) && Number(length) <= (family === 6 ? 128 : 32)) {
    // A length that no address has exempts nobody, rather than everybody.
    list.addSubnet(address, Number(length), type)
  }
}
