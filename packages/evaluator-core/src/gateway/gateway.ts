import { checkAccountId } from '../config/evaluator-id.ts'
import { EvaluatorUploadError } from '../errors.ts'
import { headerValues } from '../http/exchange.ts'
import { isRecord } from '../json.ts'
import type { EvaluatorFields } from '../options.ts'
import { type Call, call, type Net } from './call.ts'
import { type Account, type Evaluator, toAccount, toEvaluator } from './evaluator.ts'

/** What {@link Gateway.listEvaluators} asks for; passed on to the service as it is. */
export interface ListOptions {
  /** Evaluators per answer. @default the service's */
  pageSize?: number | undefined
  /** In the service's filter language. */
  filter?: string | undefined
  /** Name of a field; ` desc` behind it turns the order round. */
  orderBy?: string | undefined
  /** Names of the fields that are wanted, with commas between. @default all */
  readMask?: string | undefined
}

/**
 * The service, one method per endpoint of its OpenAPI document. Every method rejects with an EvaluatorUploadError,
 * and repeats what failed for a passing reason, except `createEvaluator`.
 */
export interface Gateway {
  /** The account that all other methods speak of: configured, else the key's own. Asked once. */
  account(): Promise<string>
  /** The account that the key belongs to. `GET /verifyApiKey`, else the first of `GET /v1/accounts`. */
  verifyApiKey(): Promise<string>
  /** The accounts that the key may use. */
  listAccounts(): Promise<Account[]>
  /** Never sent twice: where the answer is lost, look with `getEvaluator` before trying again. */
  createEvaluator(evaluatorId: string, fields?: EvaluatorFields): Promise<Evaluator>
  /** Rejects with FW_NOT_FOUND where there is none. */
  getEvaluator(evaluatorId: string): Promise<Evaluator>
  /** All evaluators, page by page as they are consumed. */
  listEvaluators(options?: ListOptions): AsyncIterable<Evaluator>
  /** Changes fields and nothing else. */
  updateEvaluator(evaluatorId: string, fields: EvaluatorFields): Promise<Evaluator>
  /** Changes fields, and moves the evaluator back to BUILDING so that it takes another archive. */
  prepareCodeUpload(evaluatorId: string, fields?: EvaluatorFields): Promise<Evaluator>
  /** Removes versions and build artifacts too. */
  deleteEvaluator(evaluatorId: string): Promise<void>
  /** Signed URLs under the very names that were sent. Sizes in bytes; exact beyond 2^53 as bigint. */
  getUploadEndpoint(
    evaluatorId: string,
    filenameToSize: Readonly<Record<string, number | bigint>>,
    readMask?: string,
  ): Promise<Record<string, string>>
  /** Starts the build. Rejects with FW_CONFLICT while the store has no archive. */
  validateUpload(evaluatorId: string): Promise<void>
  /** A signed URL of the build log; FW_CONFLICT before there is one. Fetch it without credentials. */
  getBuildLogEndpoint(evaluatorId: string): Promise<string>
  /** Signed URLs for download by file name; FW_CONFLICT before anything was uploaded. */
  getSourceCodeSignedUrl(evaluatorId: string): Promise<Record<string, string>>
  /** Closes the connections, unless the dispatcher is the caller's. */
  close(): Promise<void>
}

/** Shared by gateways that differ in their signal only, so that the account is asked once for all. */
export interface KnownAccount {
  account?: Promise<string> | undefined
}

/** The methods over connections that somebody else opens and closes. */
export function gatewayOver(net: () => Promise<Net>, known: KnownAccount = {}): Omit<Gateway, 'close'> {
  const ask = async (each: Call) => (await call(await net(), each)).body
  const below = async (rest: string) => `/v1/accounts/${encodeURIComponent(await gateway.account())}/${rest}`
  const pathOf = (id: string, verb = '') => below(`evaluators/${encodeURIComponent(id)}${verb}`)

  const gateway: Omit<Gateway, 'close'> = {
    account() {
      known.account ??= net().then(({ config }) => config.accountId ?? gateway.verifyApiKey())
      // Whoever asks again after a failure asks anew.
      known.account.catch(() => {
        known.account = undefined
      })
      return known.account
    },

    async verifyApiKey() {
      // Not under /v1, and the body is empty: the account comes in a header.
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

    async createEvaluator(id, fields = {}) {
      const body = await ask({
        what: `create evaluator ${id}`,
        method: 'POST',
        path: await below('evaluatorsV2'),
        body: { evaluator: sentFields(fields), evaluatorId: id },
        repeatable: false,
      })
      return toEvaluator(body)
    },

    async getEvaluator(id) {
      return toEvaluator(await ask({ what: `read evaluator ${id}`, method: 'GET', path: await pathOf(id) }))
    },

    async *listEvaluators(options = {}) {
      const path = await below('evaluators')
      let pageToken: string | undefined
      do {
        const body = await ask({
          what: 'list evaluators',
          method: 'GET',
          path,
          query: { ...options, pageToken },
        })
        yield* records(body.evaluators).map(toEvaluator)
        pageToken = typeof body.nextPageToken === 'string' ? body.nextPageToken : ''
      } while (pageToken)
    },

    async updateEvaluator(id, fields) {
      return toEvaluator(
        await ask({
          what: `update evaluator ${id}`,
          method: 'PATCH',
          path: await pathOf(id),
          body: sentFields(fields),
        }),
      )
    },

    async prepareCodeUpload(id, fields = {}) {
      const answer = await ask({
        what: `prepare evaluator ${id} for an upload`,
        method: 'PATCH',
        path: await pathOf(id),
        query: { prepareCodeUpload: true },
        body: sentFields(fields),
      })
      return toEvaluator(answer)
    },

    async deleteEvaluator(id) {
      await ask({ what: `delete evaluator ${id}`, method: 'DELETE', path: await pathOf(id) })
    },

    async getUploadEndpoint(id, filenameToSize, readMask) {
      const sizes = Object.entries(filenameToSize).map(([name, size]) => [name, int64(size)])
      const body = await ask({
        what: `get an upload URL for evaluator ${id}`,
        method: 'POST',
        path: await pathOf(id, ':getUploadEndpoint'),
        body: { filenameToSize: Object.fromEntries(sizes), ...(readMask !== undefined && { readMask }) },
      })
      return strings(body.filenameToSignedUrls)
    },

    async validateUpload(id) {
      const path = await pathOf(id, ':validateUpload')
      await ask({ what: `validate the upload of evaluator ${id}`, method: 'POST', path, body: {} })
    },

    async getBuildLogEndpoint(id) {
      const what = `get the build log of evaluator ${id}`
      const body = await ask({ what, method: 'GET', path: await pathOf(id, ':getBuildLogEndpoint') })
      if (typeof body.buildLogSignedUri === 'string' && body.buildLogSignedUri) return body.buildLogSignedUri
      throw new EvaluatorUploadError('FW_GATEWAY', `Could not ${what}: the service gave no URL.`)
    },

    async getSourceCodeSignedUrl(id) {
      const what = `get the source of evaluator ${id}`
      const body = await ask({ what, method: 'GET', path: await pathOf(id, ':getSourceCodeSignedUrl') })
      return strings(body.filenameToSignedUrls)
    },
  }
  return gateway
}

/** `false` says that no entry point is meant, which is nothing to send. */
function sentFields(fields: EvaluatorFields): EvaluatorFields {
  const { entryPoint, ...others } = fields
  return entryPoint === false ? others : fields
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

function strings(value: unknown): Record<string, string> {
  if (!isRecord(value)) return {}
  const entries = Object.entries(value).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  )
  return Object.fromEntries(entries)
}
