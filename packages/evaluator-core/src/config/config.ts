import { DEFAULTS } from '../defaults.ts'
import { EvaluatorUploadError } from '../errors.ts'
import type { GatewayOptions, RetryOptions, TimeoutOptions } from '../options.ts'
import { keepSecret } from '../redact.ts'
import { readAuthIni } from './auth-ini.ts'
import { refuseUnknown } from './known-options.ts'

/** Where a value came from; for a doctor to show, never with the value of a key. */
export type Origin = 'option' | 'environment' | 'auth.ini' | 'default'

/** A {@link GatewayOptions} whose every question is answered. Frozen; nothing reads options or environment after it. */
export interface Config {
  /** Missing where none was found: a dry run needs none. */
  readonly apiKey?: string
  /** Missing where only the key can tell; ask `verifyApiKey`. */
  readonly accountId?: string
  /** An origin, without a slash at the end. */
  readonly baseUrl: string
  readonly retry: Readonly<Required<Defined<RetryOptions>>>
  readonly timeouts: Readonly<Required<Defined<TimeoutOptions>>>
  readonly origins: Readonly<Record<'apiKey' | 'accountId' | 'baseUrl', Origin | undefined>>
}

type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> }

export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>
  /** The home folder; `~/.fireworks/auth.ini` is read there. */
  readonly home?: string
}

/** A table and not a list, so that the compiler says when an option was forgotten here. */
const GATEWAY_TABLE: Readonly<Record<keyof GatewayOptions, true>> = {
  apiKey: true,
  accountId: true,
  baseUrl: true,
  signal: true,
  logger: true,
  retry: true,
  timeouts: true,
  dispatcher: true,
}

/** The names of {@link GatewayOptions}. */
export const GATEWAY_OPTIONS: readonly string[] = Object.keys(GATEWAY_TABLE)

/**
 * Options, then environment, then auth.ini, then defaults. An empty string counts as unset everywhere.
 * @throws EvaluatorUploadError FW_CONFIG
 */
export async function resolveConfig(
  options: GatewayOptions,
  { env, home }: Surroundings = { env: process.env },
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
    retry: await numbers('retry', DEFAULTS.retry, options.retry),
    timeouts: await numbers('timeouts', DEFAULTS.timeouts, options.timeouts),
    origins: Object.freeze({
      apiKey: apiKey?.origin,
      accountId: accountId?.origin,
      baseUrl: baseUrl?.origin,
    }),
  })
}

/** A value without the spaces and line ends that copying leaves around it; empty is unset. */
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

/** A line end within a key would end the header it travels in, and the rest would be a header of its own. */
function headerSafe(apiKey: string): string {
  if (/^[\x21-\x7e]+$/.test(apiKey)) return apiKey
  throw new EvaluatorUploadError('FW_CONFIG', 'The API key has a character in it that no key can have.', {
    hint: 'Copy it again: it is one word of plain ASCII.',
  })
}

/** An account id becomes a part of a path; a slash would make it another path. */
function checkAccountId(accountId: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9_-]*$/.test(accountId)) return accountId
  throw new EvaluatorUploadError('FW_CONFIG', `"${accountId}" cannot be an account's id.`, {
    hint: 'It is the word after "accounts/" in the names that the dashboard shows.',
  })
}

function parseBaseUrl(text: string): string {
  const refuse = (why: string) =>
    new EvaluatorUploadError('FW_CONFIG', `The base URL ${why}.`, {
      hint: `Give the origin alone, like ${DEFAULTS.baseUrl}.`,
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

/** Whether a secret may go there: https anywhere, plain http on this machine only. */
export function isSafeOrigin(url: URL): boolean {
  if (url.protocol === 'https:') return true
  return url.protocol === 'http:' && /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname)
}

/** Numbers over their defaults. `undefined` keeps the default, as everywhere. */
export async function numbers<K extends string>(
  where: string,
  defaults: Readonly<Record<K, number>>,
  given: Partial<Record<K, number | undefined>> = {},
): Promise<Readonly<Record<K, number>>> {
  await refuseUnknown(given, Object.keys(defaults), where)
  const result: Record<K, number> = { ...defaults }
  for (const key in defaults) {
    const value = given[key]
    if (value === undefined) continue
    if (typeof value !== 'number' || !(value >= (key === 'attempts' ? 1 : 0))) {
      throw new EvaluatorUploadError('FW_CONFIG', `${where}.${key} must be a number, and not below zero.`, {
        hint: `The default is ${defaults[key]}.`,
      })
    }
    result[key] = value
  }
  return Object.freeze(result)
}
