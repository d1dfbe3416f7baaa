import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { EvaluatorUploadError } from '../errors.ts'
import { isRecord } from '../json.ts'

export interface AuthIni {
  apiKey?: string | undefined
  accountId?: string | undefined
}

/**
 * Reads `~/.fireworks/auth.ini`, which the service's own tools write. Keys count with and without a `[fireworks]`
 * section. A file that is not there is an empty one.
 * @throws EvaluatorUploadError FW_CONFIG where the file is there and cannot be read
 */
export async function readAuthIni(home: string = homedir()): Promise<AuthIni> {
  const path = join(home, '.fireworks', 'auth.ini')
  const text = read(path)
  if (text === undefined) return {}
  const { parse } = await import('ini')
  // A byte order mark would become part of the first key's name, and that key would go unseen.
  const ini: Record<string, unknown> = parse(text.replace(/^\uFEFF/, ''))
  const section = isRecord(ini.fireworks) ? ini.fireworks : {}
  const value = (name: string) => [section[name], ini[name]].find((each) => typeof each === 'string')
  return { apiKey: value('api_key'), accountId: value('account_id') }
}

/** At once: it is one small file, or none, and node:fs/promises alone takes longer to load. */
function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    throw new EvaluatorUploadError('FW_CONFIG', `${path} cannot be read: ${code}.`, {
      hint: 'Make it readable, or set FIREWORKS_API_KEY.',
      cause,
    })
  }
}
