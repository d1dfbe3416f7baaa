import { randomBytes } from 'node:crypto'
import {
  type ConfigDescription,
  createGateway,
  EvaluatorUploadError,
  type Gateway,
  openPool,
  type Pool,
} from '@fw/evaluator-core'
import type { Context } from '../context.ts'
import { formatMs, formatOrigin } from '../terminal/format.ts'
import { type Check, checkKey, type Tell } from './local-checks.ts'

type Dispatcher = Pool['dispatcher']

/** A store refuses signed URLs if its clock differs by 15 minutes. */
const SKEW_FAILS_MS = 15 * 60_000
const SKEW_WARNS_MS = 60_000
const REACH_MS = 10_000
const DEFAULT_STORE = 'https://storage.googleapis.com'

/** Checks that need the service: whether it answers, which account the key has, and whether the key may write. */
export async function checkService(context: Context, settings: ConfigDescription, tell: Tell): Promise<void> {
  const { dispatcher, close } = await openPool()
  const gateway = createGateway({ ...context.gateway, dispatcher, retry: { attempts: 2 } })
  try {
    const reached = await reach('service', settings.baseUrl, { dispatcher, signal: context.signal })
    tell(reached.check)
    if (reached.date) tell(checkClock(reached.date))
    const canAsk = reached.check.status !== 'fail' && settings.hasApiKey
    const key = canAsk ? await askForAccount(gateway) : {}
    tell(checkKey(settings, key.refusal))
    if (!canAsk || key.refusal !== undefined) return
    const account = await attempt('account', async () => {
      const id = await gateway.account()
      const keys = key.account ?? (await gateway.verifyApiKey())
      const from = settings.origins.accountId
        ? formatOrigin(settings.origins.accountId)
        : 'the account of the key'
      if (id === keys) return { status: 'ok', detail: `${id}, ${from}` }
      const detail = `${id}, ${from}; the key belongs to ${keys}`
      return {
        status: 'warn',
        detail,
        hint: `Leave out the account, or set it to ${keys}. If the key is for both accounts, ignore this.`,
      }
    })
    tell(account)
    if (account.status === 'fail') return
    tell(await attempt('write access', () => checkWrite(gateway)))
    const store = await storeOrigin(gateway, settings)
    if (store) tell((await reach('store', store, { dispatcher, signal: context.signal })).check)
    else tell({ name: 'store', status: 'skipped', detail: 'its address is known after the first upload' })
  } finally {
    await close()
  }
}

interface KnownKey {
  account?: string
  /** The service's reason to refuse it. */
  refusal?: string
}

/** A failure that is no refusal says nothing about the key; the next check reports it. */
async function askForAccount(gateway: Gateway): Promise<KnownKey> {
  try {
    return { account: await gateway.verifyApiKey() }
  } catch (error) {
    if (!(error instanceof EvaluatorUploadError) || error.code === 'FW_ABORTED') throw error
    return error.code === 'FW_AUTH' ? { refusal: error.message } : {}
  }
}

/**
 * Changes an evaluator that does not exist: the service answers 404 if the key may write, and 403 if not. Creates
 * nothing.
 */
async function checkWrite(gateway: Gateway): Promise<Omit<Check, 'name'>> {
  const id = `fw-doctor-${randomBytes(6).toString('hex')}`
  try {
    await gateway.updateEvaluator(id, {})
  } catch (error) {
    if (!(error instanceof EvaluatorUploadError) || error.code !== 'FW_NOT_FOUND') throw error
  }
  return { status: 'ok', detail: 'the key may change evaluators' }
}

/** The store of any evaluator's source, else the store that the real service is known to use. */
async function storeOrigin(gateway: Gateway, { origins }: ConfigDescription): Promise<string | undefined> {
  try {
    for await (const { name = '' } of gateway.listEvaluators({ pageSize: 1 })) {
      const [url] = Object.values(await gateway.getSourceCodeSignedUrl(name.replace(/^.*\//, '')))
      if (url) return new URL(url).origin
      break
    }
  } catch {
    // An evaluator without a source names no store.
  }
  return origins.baseUrl === 'default' ? DEFAULT_STORE : undefined
}

async function attempt(name: string, check: () => Promise<Omit<Check, 'name'>>): Promise<Check> {
  try {
    return { name, ...(await check()) }
  } catch (error) {
    if (!(error instanceof EvaluatorUploadError) || error.code === 'FW_ABORTED') throw error
    const { message, hint } = error
    return { name, status: 'fail', detail: message, ...(hint !== undefined && { hint }) }
  }
}

interface Reached {
  check: Check
  /** The time there. */
  date?: Date
}

/** Sends one request without credentials. Any answer counts. */
async function reach(
  name: string,
  origin: string,
  { dispatcher, signal }: { dispatcher: Dispatcher; signal: AbortSignal },
): Promise<Reached> {
  const { request } = await import('undici/index.js')
  const began = performance.now()
  try {
    const { headers, body, statusCode } = await request(`${origin}/`, {
      dispatcher,
      signal: AbortSignal.any([signal, AbortSignal.timeout(REACH_MS)]),
    })
    await body.dump({ limit: 65_536 }).catch(() => {})
    const took = formatMs(performance.now() - began)
    const date = new Date(String(headers.date ?? ''))
    const check: Check = { name, status: 'ok', detail: `${origin} answers (${statusCode}, ${took})` }
    return Number.isNaN(date.getTime()) ? { check } : { check, date }
  } catch (error) {
    if (signal.aborted) throw new EvaluatorUploadError('FW_ABORTED', 'Interrupted.')
    const why = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    const hint =
      'Check the connection, the proxy (HTTPS_PROXY, NO_PROXY) and, where a private CA signs, NODE_EXTRA_CA_CERTS.'
    return { check: { name, status: 'fail', detail: `${origin} does not answer (${why})`, hint } }
  }
}

/** The header has whole seconds, and the answer needed some time. */
function checkClock(date: Date): Check {
  const skewMs = Date.now() - date.getTime()
  const off = Math.abs(skewMs)
  if (off < SKEW_WARNS_MS) return { name: 'clock', status: 'ok', detail: 'agrees with that of the service' }
  const detail = `${formatMs(off)} ${skewMs > 0 ? 'ahead of' : 'behind'} that of the service`
  const status = off < SKEW_FAILS_MS ? 'warn' : 'fail'
  return { name: 'clock', status, detail, hint: 'Set the clock, or turn on NTP: signed URLs depend on it.' }
}
