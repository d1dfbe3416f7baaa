import { toResource } from '../state/resource.ts'
import { applyMask, type Operations, toCamelCase } from './operation.ts'
import { Refusal } from './refusal.ts'

const defaultPageSize = 50
const maxPageSize = 200

type Resource = Record<string, unknown>

export const listAccounts: Operations['Gateway_ListAccounts'] = ({ world }) => {
  const { accountId } = world.state
  const account = { name: `accounts/${accountId}`, displayName: accountId, email: `${accountId}@example.com` }
  return { accounts: [account], nextPageToken: '', totalSize: 1 }
}

export const listEvaluators: Operations['Gateway_ListEvaluators'] = ({ world, validator, query }) => {
  const {
    pageSize = 0,
    pageToken,
    filter,
    orderBy,
    readMask,
  } = validator.query('Gateway_ListEvaluators', query)
  if (pageSize < 0) throw new Refusal('INVALID_ARGUMENT', 'invalid page_size: must not be negative')
  const matches = parseFilter(filter ?? '')
  const order = parseOrder(orderBy || 'name')
  const compare = compareBy(order)
  const found = [...world.state.evaluators.values()]
    .map((record) => toResource(world.state, record))
    .filter(matches)
    .sort(compare)
  const last = pageToken ? readToken(pageToken, order) : undefined
  const left = last ? found.filter((resource) => compare(resource, last) > 0) : found
  const page = left.slice(0, Math.min(pageSize || defaultPageSize, maxPageSize))
  return {
    evaluators: page.map((resource) => applyMask(resource, readMask)),
    nextPageToken: page.length < left.length ? writeToken(page.at(-1), order) : '',
    totalSize: found.length,
  }
}

/**
 * A token holds the values by which the last evaluator of its page is sorted. The next page begins behind that place,
 * whether or not the evaluators around it still exist.
 */
function writeToken(last: Resource | undefined, order: Order): string {
  const place = Object.fromEntries(order.map(({ name }) => [name, String(last?.[name])]))
  return Buffer.from(JSON.stringify(place)).toString('base64url')
}

function readToken(token: string, order: Order): Resource {
  try {
    const place: unknown = JSON.parse(Buffer.from(token, 'base64url').toString())
    if (isResource(place) && order.every(({ name }) => typeof place[name] === 'string')) return place
  } catch {
    // It is not JSON, so not one of our tokens.
  }
  throw new Refusal('INVALID_ARGUMENT', 'invalid page_token')
}

function isResource(value: unknown): value is Resource {
  return typeof value === 'object' && value !== null
}

/**
 * `field = "value"`, `!=` and `:` (contains), joined by AND: the part of https://google.aip.dev/160 that clients use.
 */
function parseFilter(filter: string): (resource: Resource) => boolean {
  if (filter.trim() === '') return () => true
  const terms = filter.split(/\s+AND\s+/).map(parseTerm)
  return (resource) => terms.every((term) => term(resource))
}

function parseTerm(term: string): (resource: Resource) => boolean {
  const parts = /^\s*(\w+)\s*(=|!=|:)\s*(?:"([^"]*)"|'([^']*)'|([^\s"']+))\s*$/.exec(term)
  if (!parts) throw new Refusal('INVALID_ARGUMENT', `invalid filter: ${term}`)
  const [, name = '', operator, ...values] = parts
  const wanted = values.find((value) => value !== undefined) ?? ''
  return (resource) => {
    const actual = String(resource[toCamelCase(name)] ?? '')
    if (operator === ':') return actual.includes(wanted)
    return (actual === wanted) === (operator === '=')
  }
}

type Order = readonly { name: string; sign: 1 | -1 }[]

/** `field`, `field desc`, several joined by commas. Equal values are ordered by name, so that pages never overlap. */
function parseOrder(orderBy: string): Order {
  const keys = orderBy.split(',').map((key): Order[number] => {
    const [, name = '', direction = 'asc'] = /^\s*(\w+)(?:\s+(asc|desc))?\s*$/.exec(key) ?? []
    if (name === '') throw new Refusal('INVALID_ARGUMENT', `invalid order_by: ${orderBy}`)
    return { name: toCamelCase(name), sign: direction === 'desc' ? -1 : 1 }
  })
  return [...keys, { name: 'name', sign: 1 }]
}

function compareBy(order: Order): (a: Resource, b: Resource) => number {
  return (a, b) => {
    for (const { name, sign } of order) {
      const [x, y] = [String(a[name]), String(b[name])]
      if (x !== y) return x < y ? -sign : sign
    }
    return 0
  }
}
