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
  const found = [...world.state.evaluators.values()]
    .map((record) => toResource(world.state, record))
    .filter(matches)
    .sort(parseOrder(orderBy || 'name'))
  const start = readToken(pageToken, found)
  const end = start + Math.min(pageSize || defaultPageSize, maxPageSize)
  return {
    evaluators: found.slice(start, end).map((resource) => applyMask(resource, readMask)),
    nextPageToken: end < found.length ? writeToken(found[end]) : '',
    totalSize: found.length,
  }
}

/** A token names the evaluator that the next page begins with. */
function writeToken(first: Resource | undefined): string {
  return Buffer.from(String(first?.name)).toString('base64url')
}

function readToken(token: string | undefined, found: readonly Resource[]): number {
  if (!token) return 0
  const name = Buffer.from(token, 'base64url').toString()
  const index = found.findIndex((resource) => resource.name === name)
  if (index < 0) throw new Refusal('INVALID_ARGUMENT', 'invalid page_token')
  return index
}

/** `field = "value"`, `!=` and `:` (contains), joined by AND: the part of https://google.aip.dev/160 that lists are asked for. */
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

/** `field`, `field desc`, several joined by commas. Ties are settled by name, so that pages never overlap. */
function parseOrder(orderBy: string): (a: Resource, b: Resource) => number {
  const keys = orderBy.split(',').map((key) => {
    const [, name = '', direction = 'asc'] = /^\s*(\w+)(?:\s+(asc|desc))?\s*$/.exec(key) ?? []
    if (name === '') throw new Refusal('INVALID_ARGUMENT', `invalid order_by: ${orderBy}`)
    return { name: toCamelCase(name), sign: direction === 'desc' ? -1 : 1 }
  })
  return (a, b) => {
    for (const { name, sign } of [...keys, { name: 'name', sign: 1 }]) {
      const [x, y] = [String(a[name]), String(b[name])]
      if (x !== y) return x < y ? -sign : sign
    }
    return 0
  }
}
