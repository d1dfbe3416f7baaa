import {
  type ConfigDescription,
  describeConfig,
  EvaluatorUploadError,
  type GatewayOptions,
} from '@fw/evaluator-core'
import { formatOrigin } from '../terminal/format.ts'
import { VERSION } from '../version.ts'

/** One line that the doctor prints. */
export interface Check {
  name: string
  status: 'ok' | 'warn' | 'fail' | 'skipped'
  detail: string
  /** How to fix it. */
  hint?: string
}

export type Tell = (check: Check) => void

/** The range that this package is tested on: ^20.19.0 || >=22.12.0. */
export function checkNode(version: string): Check {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const isFine = (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22
  const detail = `Node ${version}, fw-evaluator ${VERSION}`
  if (isFine) return { name: 'versions', status: 'ok', detail }
  return {
    name: 'versions',
    status: 'fail',
    detail,
    hint: 'Install Node 20.19 or later of 20, or 22.12 or later.',
  }
}

/** Checks base URL and account in the settings. @returns nothing if they contradict each other */
export async function checkSettings(
  options: GatewayOptions,
  tell: Tell,
): Promise<ConfigDescription | undefined> {
  try {
    const { accountId, baseUrl } = options
    const settings = await describeConfig({ accountId, baseUrl })
    tell({
      name: 'base URL',
      status: 'ok',
      detail: `${settings.baseUrl}, ${formatOrigin(settings.origins.baseUrl)}`,
    })
    return settings
  } catch (error) {
    if (!(error instanceof EvaluatorUploadError)) throw error
    const { message, hint } = error
    tell({ name: 'settings', status: 'fail', detail: message, ...(hint !== undefined && { hint }) })
    return undefined
  }
}

const KEYS_PAGE = 'https://app.fireworks.ai/settings/users/api-keys'

/**
 * Says where the key was found, and whether the service accepts it. Never shows the key.
 * @param refusal the service's reason to refuse the key; `undefined` if it did not refuse it
 */
export function checkKey({ hasApiKey, origins }: ConfigDescription, refusal?: string): Check {
  const found = `found, ${formatOrigin(origins.apiKey)}`
  if (!hasApiKey) {
    return {
      name: 'key',
      status: 'fail',
      detail: 'not found',
      hint: `Set FIREWORKS_API_KEY, or api_key in ~/.fireworks/auth.ini. Create a key at ${KEYS_PAGE}`,
    }
  }
  if (refusal === undefined) return { name: 'key', status: 'ok', detail: found }
  return {
    name: 'key',
    status: 'fail',
    detail: `${found}; the service refuses it: ${refusal}`,
    hint: `Create a new key at ${KEYS_PAGE}`,
  }
}

/** The proxy for requests, without its credentials. */
export function checkProxy(env: Readonly<Record<string, string | undefined>>): Check {
  const name = ['https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY'].find((name) => env[name])
  const value = name === undefined ? undefined : env[name]
  if (name === undefined || value === undefined) return { name: 'proxy', status: 'ok', detail: 'none' }
  // Without a scheme it is http, as in curl.
  const address = value.includes('://') ? value : `http://${value}`
  if (!URL.canParse(address) || new URL(address).host === '') {
    return {
      name: 'proxy',
      status: 'fail',
      detail: `${name} is not the address of a proxy`,
      hint: 'Write it as http://host:port.',
    }
  }
  const except = env.no_proxy || env.NO_PROXY
  return {
    name: 'proxy',
    status: 'ok',
    detail: `${new URL(address).host}, from ${name}${except ? `; not for ${except}` : ''}`,
  }
}
