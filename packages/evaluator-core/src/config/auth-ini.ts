import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { EvaluatorUploadError } from '../errors.ts'
import { homeFolder } from '../home.ts'

export interface AuthIni {
  apiKey?: string | undefined
  accountId?: string | undefined
}

/**
 * Reads `~/.fireworks/auth.ini`, which the service's own tools write, as Python's configparser does: `name = value` or
 * `name: value`, names in any case, `#` and `;` at the beginning of a line only. Names count with and without a
 * `[fireworks]` section, and quotes around a value don't. A file that is not there is an empty one.
 * @throws EvaluatorUploadError FW_CONFIG where the file is there and cannot be read
 */
export async function readAuthIni(home: string | undefined = homeFolder()): Promise<AuthIni> {
  if (home === undefined) return {}
  const path = join(home, '.fireworks', 'auth.ini')
  const bytes = read(path)
  if (bytes === undefined) return {}
  const sections = parseIni(decode(bytes, path))
  const value = (name: string) =>
    ['fireworks', 'default', ''].map((section) => sections.get(section)?.get(name)).find(Boolean)
  return { apiKey: value('api_key'), accountId: value('account_id') }
}

/** At once: it is one small file, or none, and node:fs/promises alone takes longer to load. */
function read(path: string): Buffer | undefined {
  try {
    return readFileSync(path)
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    throw new EvaluatorUploadError('FW_CONFIG', `${path} cannot be read: ${code}.`, {
      hint: 'Make it readable, or set FIREWORKS_API_KEY.',
      cause,
    })
  }
}

/** UTF-16, which some editors and shells of Windows write, has a mark of two bytes, or a NUL beside each letter. */
function decode(bytes: Buffer, path: string): string {
  const [first, second] = bytes
  const isMarked = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)
  if (isMarked || bytes.includes(0)) {
    throw new EvaluatorUploadError('FW_CONFIG', `${path} cannot be read: it is UTF-16.`, {
      hint: 'Save it as UTF-8, or set FIREWORKS_API_KEY.',
    })
  }
  // A byte order mark would become part of the first name, which would go unseen.
  return bytes.toString().replace(/^\uFEFF/, '')
}

/** Names of sections and values in lower case; the section of what comes before any is `''`. */
function parseIni(text: string): Map<string, Map<string, string>> {
  const sections = new Map<string, Map<string, string>>()
  let section = ''
  for (const line of text.split(/\r\n?|\n/)) {
    if (/^\s*(?:[#;]|$)/.test(line)) continue
    const header = /^\s*\[([^\]]+)\]/.exec(line)?.[1]
    if (header !== undefined) {
      section = header.trim().toLowerCase()
      continue
    }
    const [, name = '', value = ''] = /^\s*([^=:]+?)\s*[=:]\s*(.*?)\s*$/.exec(line) ?? []
    if (name === '') continue
    const values = sections.get(section) ?? new Map<string, string>()
    sections.set(section, values.set(name.toLowerCase(), value.replace(/^(["'])(.*)\1$/, '$2')))
  }
  return sections
}
