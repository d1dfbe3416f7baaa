import { checkAccountId, type EvaluatorName, parseEvaluatorName } from '../config/evaluator-id.ts'
import { EvaluatorUploadError } from '../errors.ts'
import { headerValues } from '../http/exchange.ts'
import { isRecord } from '../json.ts'
import type { EvaluatorFields } from '../options.ts'
import { keepSignature } from '../redact.ts'
import { type Call, call, type Net } from './call.ts'
import { type Account, type Evaluator, toAccount, toEvaluator } from './evaluator.ts'

/** Parameters of {@link Gateway.listEvaluators}, passed to the service unchanged. */
export interface ListOptions {
  /** Evaluators per answer. @default the service's */
  pageSize?: number | undefined
  /** In the service's filter language. */
  filter?: string | undefined
  /** Name of a field. With ` desc` after it, the order is reversed. */
  orderBy?: string | undefined
  /** Names of the fields to return, separated by commas. @default all */
  readMask?: string | undefined
}

/**
 * The service, with one method for each endpoint of its OpenAPI document. Every method rejects with an
 * EvaluatorUploadError, and repeats a call that fails for a temporary reason, except `createEvaluator`. Methods accept
 * the id of an evaluator, or its full name `accounts/<account>/evaluators/<id>`.
 */
export interface Gateway {
  /** The account of all other methods: the configured one, else that of the key. Requested once. */
  account(): Promise<string>
  /** The account that the key belongs to. `GET /verifyApiKey`, else the first of `GET /v1/accounts`. */
  verifyApiKey(): Promise<string>
  /** The accounts that the key may use. */
  listAccounts(): Promise<Account[]>
  /** Is never sent twice. If the answer is lost, check with `getEvaluator` before you try again. */
  createEvaluator(evaluator: string, fields?: EvaluatorFields): Promise<Evaluator>
  /** Rejects with FW_NOT_FOUND if there is no such evaluator. */
  getEvaluator(evaluator: string): Promise<Evaluator>
  /** All evaluators. Requests the next page when you need it. */
  listEvaluators(options?: ListOptions): AsyncIterable<Evaluator>
  /** Changes only fields. */
  updateEvaluator(evaluator: string, fields: EvaluatorFields): Promise<Evaluator>
  /** Changes fields, and moves the evaluator back to BUILDING so that it accepts another archive. */
  prepareCodeUpload(evaluator: string, fields?: EvaluatorFields): Promise<Evaluator>
  /** Removes versions and build artifacts too. */
  deleteEvaluator(evaluator: string): Promise<void>
  /** Signed URLs for uploads, by file name. Sizes in bytes; over 2^53 as bigint. */
  getUploadEndpoint(
    evaluator: string,
    filenameToSize: Readonly<Record<string, number | bigint>>,
    readMask?: string,
  ): Promise<Record<string, string>>
  /** Starts the build. Rejects with FW_CONFLICT if the store has no archive yet. */
  validateUpload(evaluator: string): Promise<void>
  /** A signed URL of the build log. Rejects with FW_CONFLICT if there is no log yet. Fetch it without credentials. */
  getBuildLogEndpoint(evaluator: string): Promise<string>
  /** Signed URLs for downloads, by file name. Rejects with FW_CONFLICT if nothing was uploaded yet. */
  getSourceCodeSignedUrl(evaluator: string): Promise<Record<string, string>>
  /** Closes the connections, unless the dispatcher is the caller's. */
  close(): Promise<void>
}

/** Shared by gateways that differ only in their signal, so that the account is requested once for all. */
export interface KnownAccount {
  account?: Promise<string> | undefined
}

/** The methods, on connections that the caller opens and closes. */
export function gatewayOver(net: () => Promise<Net>, known: KnownAccount = {}): Omit<Gateway, 'close'> {
  const ask = async (each: Call) => (await call(await net(), each)).body
  const below = async (rest: string, accountId?: string) =>
    `/v1/accounts/${encodeURIComponent(accountId ?? (await gateway.account()))}/${rest}`
  const pathOf = ({ evaluatorId, accountId }: EvaluatorName, verb = '') =>
    below(`evaluators/${encodeURIComponent(evaluatorId)}${verb}`, accountId)

  const gateway: Omit<Gateway, 'close'> = {
    account() {
      known.account ??= net().then(({ config }) => config.accountId ?? gateway.verifyApiKey())
      // A failed lookup is not cached.
      known.account.catch(() => {
        known.account = undefined
      })
      return known.account
    },

    async verifyApiKey() {
      // Not below /v1. The body is empty, and the account is in a header.
      const what = 'find the account of the API key'
      const { reply } = await call(await net(), { what, method: 'GET', path: '/verifyApiKey', json: false })
      const [named] = headerValues(reply, 'x-fireworks-account-id')
      if (named) return checkAccountId(named, 'FW_GATEWAY')
      const [first] = await gateway.listAccounts()
      const id = first?.name?.replace(/^accounts\//, '')
      if (id) return checkAccountId(id, 'FW_GATEWAY')
      throw new EvaluatorUploadError('FW_AUTH', `Could not ${what}: the service names none.`, {
        hint: 'Set FIREWORKS_ACCOUNT_ID.',
      })
    },

    async listAccounts() {
      const body = await ask({
        what: 'list the accounts of the API key',
        method: 'GET',
        path: '/v1/accounts',
      })
      return records(body.accounts).map(toAccount)
    },

    async createEvaluator(name, fields = {}) {
      const { evaluatorId, accountId } = parseEvaluatorName(name)
      const body = await ask({
        what: `create evaluator ${evaluatorId}`,
        method: 'POST',
        path: await below('evaluatorsV2', accountId),
        body: { evaluator: sentFields(fields), evaluatorId },
        repeatable: false,
      })
      return toEvaluator(body)
    },

    async getEvaluator(name) {
      const id = parseEvaluatorName(name)
      return toEvaluator(
        await ask({ what: `read evaluator ${id.evaluatorId}`, method: 'GET', path: await pathOf(id) }),
      )
    },

    async *listEvaluators(options = {}) {
      const path = await below('evaluators')
      const seen = new Set<string>()
      const tokens = new Set<string>()
      let pageToken: string | undefined
      let fruitless = 0
      do {
        const query = { ...options, pageToken }
        const body = await ask({ what: LISTING, method: 'GET', path, query })
        const found = records(body.evaluators).map(toEvaluator)
        const before = seen.size
        for (const each of found) seen.add(each.name ?? JSON.stringify(each))
        fruitless = seen.size > before ? 0 : fruitless + 1
        yield* found
        pageToken = typeof body.nextPageToken === 'string' ? body.nextPageToken : ''
        if (tokens.has(pageToken) || (pageToken && fruitless > MAX_FRUITLESS_PAGES)) throw endless()
        tokens.add(pageToken)
      } while (pageToken)
    },

    async updateEvaluator(name, fields) {
      const id = parseEvaluatorName(name)
      return toEvaluator(
        await ask({
          what: `update evaluator ${id.evaluatorId}`,
          method: 'PATCH',
          path: await pathOf(id),
          body: sentFields(fields),
        }),
      )
    },

    async prepareCodeUpload(name, fields = {}) {
      const id = parseEvaluatorName(name)
      const answer = await ask({
        what: `prepare evaluator ${id.evaluatorId} for an upload`,
        method: 'PATCH',
        path: await pathOf(id),
        query: { prepareCodeUpload: true },
        body: sentFields(fields),
      })
      return toEvaluator(answer)
    },

    async deleteEvaluator(name) {
      const id = parseEvaluatorName(name)
      await ask({ what: `delete evaluator ${id.evaluatorId}`, method: 'DELETE', path: await pathOf(id) })
    },

    async getUploadEndpoint(name, filenameToSize, readMask) {
      const id = parseEvaluatorName(name)
      const sizes = Object.entries(filenameToSize).map(([name, size]) => [name, int64(size)])
      const body = await ask({
        what: `get an upload URL for evaluator ${id.evaluatorId}`,
        method: 'POST',
        path: await pathOf(id, ':getUploadEndpoint'),
        body: { filenameToSize: Object.fromEntries(sizes), ...(readMask !== undefined && { readMask }) },
      })
      return signedUrls(body.filenameToSignedUrls)
    },

    async validateUpload(name) {
      const id = parseEvaluatorName(name)
      const path = await pathOf(id, ':validateUpload')
      await ask({
        what: `validate the upload of evaluator ${id.evaluatorId}`,
        method: 'POST',
        path,
        body: {},
      })
    },

    async getBuildLogEndpoint(name) {
      const id = parseEvaluatorName(name)
      const what = `get the build log of evaluator ${id.evaluatorId}`
      const body = await ask({ what, method: 'GET', path: await pathOf(id, ':getBuildLogEndpoint') })
      const { buildLogSignedUri } = body
      if (typeof buildLogSignedUri === 'string' && buildLogSignedUri) {
        keepSignature(buildLogSignedUri)
        return buildLogSignedUri
      }
      throw new EvaluatorUploadError('FW_GATEWAY', `Could not ${what}: the service gave no URL.`)
    },

    async getSourceCodeSignedUrl(name) {
      const id = parseEvaluatorName(name)
      const what = `get the source of evaluator ${id.evaluatorId}`
      const body = await ask({ what, method: 'GET', path: await pathOf(id, ':getSourceCodeSignedUrl') })
      return signedUrls(body.filenameToSignedUrls)
    },
  }
  return gateway
}

/** `false` means no entry point, so nothing is sent. */
function sentFields(fields: EvaluatorFields): EvaluatorFields {
  const { entryPoint, ...others } = fields
  return entryPoint === false ? others : fields
}

const LISTING = 'list evaluators'

/** A filter may make pages empty, but not this many in a row. */
const MAX_FRUITLESS_PAGES = 20

function endless(): EvaluatorUploadError {
  return new EvaluatorUploadError('FW_GATEWAY', `Could not ${LISTING}: the pages that came do not end.`, {
    hint: 'Check FIREWORKS_API_BASE: what answers there may not be the service.',
  })
}

/** protobuf's JSON form of an int64 is a decimal string; a number would be refused. */
function int64(size: number | bigint): string {
  if (typeof size === 'bigint' || Number.isSafeInteger(size)) return size.toString()
  throw new EvaluatorUploadError('FW_CONFIG', `${size} is no exact number of bytes.`, {
    hint: 'Pass a bigint.',
  })
}

function records(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isRecord) : []
}

/** URLs by file name. From now on, their signatures are removed from all texts. */
function signedUrls(value: unknown): Record<string, string> {
  if (!isRecord(value)) return {}
  const entries = Object.entries(value).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  )
  for (const [, url] of entries) keepSignature(url)
  return Object.fromEntries(entries)
}
