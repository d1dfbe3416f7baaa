import { EvaluatorUploadError } from '../errors.ts'
import { checkOptions } from '../option-table.ts'
import { DEFAULTS, type GatewayOptions, type RetryOptions, type TimeoutOptions } from '../options.ts'
import { keepSecret } from '../redact.ts'
import { readAuthIni } from './auth-ini.ts'
import { dashboardUrl, isLoopback } from './dashboard.ts'
import { checkAccountId } from './evaluator-id.ts'

/** Where a setting comes from. */
export type Origin = 'option' | 'environment' | 'auth.ini' | 'default'

/** The resolved {@link GatewayOptions}. Frozen; nothing reads options or environment later. */
export interface Config {
  /** Missing if there is none: a dry run needs none. */
  readonly apiKey?: string
  /** Missing if only the key determines it; use `verifyApiKey`. */
  readonly accountId?: string
  /** An origin, without a slash at the end. */
  readonly baseUrl: string
  readonly retry: Readonly<Required<Defined<RetryOptions>>>
  readonly timeouts: Readonly<Required<Defined<TimeoutOptions>>>
  readonly origins: Readonly<Record<'apiKey' | 'accountId' | 'baseUrl', Origin | undefined>>
}

type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> }

export interface Environment {
  readonly env: Readonly<Record<string, string | undefined>>
  /** The home folder, with `.fireworks/auth.ini`. */
  readonly home?: string
}

/**
 * Resolves options, then environment, then auth.ini, then defaults. An empty string counts as unset.
 * @throws EvaluatorUploadError FW_CONFIG
 */
export async function resolveConfig(
  options: GatewayOptions,
  { env, home }: Environment = { env: process.env },
): Promise<Config> {
  const fromEnv = (name: string) => present(env[name])
  const given = { apiKey: present(options.apiKey), accountId: present(options.accountId) }
  const named = { apiKey: fromEnv('FIREWORKS_API_KEY'), accountId: fromEnv('FIREWORKS_ACCOUNT_ID') }
  const complete = (given.apiKey ?? named.apiKey) && (given.accountId ?? named.accountId)
  const ini = complete ? {} : await readAuthIni(home)

  const apiKey = firstOf({ option: given.apiKey, environment: named.apiKey, 'auth.ini': present(ini.apiKey) })
  const accountId = firstOf({
    option: given.accountId,
    environment: named.accountId,
    'auth.ini': present(ini.accountId),
  })
  const baseUrl = firstOf({
    option: present(options.baseUrl),
    environment: fromEnv('FIREWORKS_API_BASE') ?? fromEnv('FIREWORKS_BASE_URL'),
    default: DEFAULTS.baseUrl,
  })

  if (apiKey) keepSecret(apiKey.value)
  return Object.freeze({
    ...(apiKey && { apiKey: headerSafe(apiKey.value) }),
    ...(accountId && { accountId: checkAccountId(accountId.value.replace(/^accounts\//, '')) }),
    baseUrl: parseBaseUrl(baseUrl?.value ?? DEFAULTS.baseUrl),
    retry: numbers('retry', DEFAULTS.retry, options.retry),
    timeouts: numbers('timeouts', DEFAULTS.timeouts, options.timeouts),
    origins: Object.freeze({
      apiKey: apiKey?.origin,
      accountId: accountId?.origin,
      baseUrl: baseUrl?.origin,
    }),
  })
}

/** The settings that a call with the same options would use, without the key. */
export interface ConfigDescription {
  readonly hasApiKey: boolean
  /** Missing if only the key determines it. */
  readonly accountId?: string
  /** An origin, without a slash at the end. */
  readonly baseUrl: string
  /** The web page with the evaluators: the service's dashboard, or the emulator's page. */
  readonly dashboardUrl: string
  /** Where each value comes from; `undefined` if it was not found. */
  readonly origins: Readonly<Record<'apiKey' | 'accountId' | 'baseUrl', Origin | undefined>>
}

/**
 * Says which account and service an upload would use, and where each setting comes from. Uses no network. Never returns
 * the key.
 *
 * @example
 * ```ts
 * const { hasApiKey, baseUrl, origins } = await describeConfig()
 * console.log(hasApiKey, baseUrl, origins.apiKey) // true https://api.fireworks.ai environment
 * ```
 * @throws EvaluatorUploadError FW_CONFIG
 */
export async function describeConfig(options: GatewayOptions = {}): Promise<ConfigDescription> {
  const { apiKey, accountId, baseUrl, origins } = await resolveConfig(options)
  return Object.freeze({
    hasApiKey: apiKey !== undefined,
    ...(accountId !== undefined && { accountId }),
    baseUrl,
    dashboardUrl: dashboardUrl(baseUrl),
    origins,
  })
}

/** A value without spaces and line breaks around it, which copying adds; empty counts as unset. */
function present(value: string | undefined): string | undefined {
  return value?.trim() || undefined
}

function firstOf(
  candidates: Partial<Record<Origin, string | undefined>>,
): { value: string; origin: Origin } | undefined {
  for (const origin of ['option', 'environment', 'auth.ini', 'default'] as const) {
    const value = candidates[origin]
    if (value !== undefined) return { value, origin }
  }
  return undefined
}

/** A line break in a key would end its header, and the rest would be another header. */
function headerSafe(apiKey: string): string {
  if (/^[\x21-\x7e]+$/.test(apiKey)) return apiKey
  throw new EvaluatorUploadError('FW_CONFIG', 'The API key has an invalid character.', {
    hint: 'Copy it again. A key is one word of plain ASCII.',
  })
}

function parseBaseUrl(text: string): string {
  const refuse = (why: string) =>
    new EvaluatorUploadError('FW_CONFIG', `The base URL ${why}.`, {
      hint: `Use only the origin, like ${DEFAULTS.baseUrl}.`,
    })
  if (!URL.canParse(text)) throw refuse('is not a URL')
  const url = new URL(text)
  if (url.username || url.password) throw refuse('has credentials in it; they would end up in logs')
  if (url.search || url.hash) throw refuse('has a query or a fragment, which no call would carry')
  if (url.pathname !== '/')
    throw refuse(`has a path ("${url.pathname}"); the paths of the API are added to it`)
  if (!isSafeOrigin(url)) throw refuse('is not https; a key would travel in the clear')
  return url.origin
}

/** Whether a secret may be sent there: by https to any host, by http only to this machine. */
function isSafeOrigin(url: URL): boolean {
  if (url.protocol === 'https:') return true
  return url.protocol === 'http:' && isLoopback(url.hostname)
}

/**
 * Whether a URL from the service may be used: https; or http on this machine, if the service itself is on this machine
 * and uses http. A remote service must not lead to other programs on this machine.
 */
export function isSafeStore(url: URL, baseUrl: string): boolean {
  if (url.username || url.password) return false
  return url.protocol === 'https:' || (isSafeOrigin(url) && baseUrl.startsWith('http:'))
}

/** Numbers merged over their defaults. `undefined` keeps the default. */
export function numbers<K extends string>(
  where: string,
  defaults: Readonly<Record<K, number>>,
  given: Partial<Record<K, number | undefined>> = {},
): Readonly<Record<K, number>> {
  checkOptions(given, Object.fromEntries(Object.keys(defaults).map((name) => [name, 'number'])), where)
  const result: Record<K, number> = { ...defaults }
  for (const key in defaults) {
    const value = given[key]
    if (value === undefined) continue
    if (!(value >= (key === 'attempts' ? 1 : 0))) {
      throw new EvaluatorUploadError('FW_CONFIG', `${where}.${key} must be a number, and not below zero.`, {
        hint: `The default is ${defaults[key]}.`,
      })
    }
    result[key] = value
  }
  return Object.freeze(result)
}
