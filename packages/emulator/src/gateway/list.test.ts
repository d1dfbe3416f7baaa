import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Emulator, startEmulator } from '../index.ts'
import { call, create, evaluatorsPath, field } from '../testing/client.ts'

let emulator: Emulator
beforeEach(async () => {
  emulator = await startEmulator()
  for (const [id, displayName] of [
    ['c', 'Same'],
    ['a', 'Same'],
    ['b', 'Other'],
  ]) {
    await create(emulator, id, { displayName })
  }
})
afterEach(() => emulator.close())

async function list(
  query: Record<string, string>,
): Promise<{ ids: string[]; body: unknown; status: number }> {
  const { status, body } = await call(
    emulator,
    'GET',
    evaluatorsPath(emulator, `?${new URLSearchParams(query)}`),
  )
  const evaluators = field(body, 'evaluators')
  const ids = Array.isArray(evaluators)
    ? evaluators.map((evaluator) => String(field(evaluator, 'name')).split('/').at(-1) ?? '')
    : []
  return { ids, body, status }
}

test('all, by name', async () => {
  const { ids, body } = await list({})
  expect(ids).toEqual(['a', 'b', 'c'])
  expect(body).toMatchObject({ nextPageToken: '', totalSize: 3 })
})

test('page by page', async () => {
  const first = await list({ pageSize: '2' })
  expect([first.ids, field(first.body, 'totalSize')]).toEqual([['a', 'b'], 3])
  const second = await list({ pageSize: '2', pageToken: String(field(first.body, 'nextPageToken')) })
  expect([second.ids, field(second.body, 'nextPageToken')]).toEqual([['c'], ''])
})

test.each(['name', 'displayName', 'displayName desc'])(
  'a page token stays valid when the evaluators around it are deleted, ordered by %s',
  async (orderBy) => {
    const all = (await list({ orderBy })).ids
    const { body } = await list({ orderBy, pageSize: '1' })
    await call(emulator, 'DELETE', evaluatorsPath(emulator, `/${all[0]}`))
    await call(emulator, 'DELETE', evaluatorsPath(emulator, `/${all[1]}`))
    const next = await list({ orderBy, pageSize: '1', pageToken: String(field(body, 'nextPageToken')) })
    expect([next.status, next.ids, field(next.body, 'nextPageToken')]).toEqual([200, [all[2]], ''])
  },
)

test.each([
  ['displayName="Same"', ['a', 'c']],
  ['display_name = "Same"', ['a', 'c']],
  ['displayName!=Same', ['b']],
  ['displayName:"th"', ['b']],
  ['state="BUILDING" AND displayName="Other"', ['b']],
  ['state="ACTIVE"', []],
])('filter %s', async (filter, expected) => {
  expect((await list({ filter })).ids).toEqual(expected)
})

test.each([
  ['name desc', ['c', 'b', 'a']],
  ['displayName', ['b', 'a', 'c']],
  ['displayName desc, name desc', ['c', 'a', 'b']],
])('orderBy %s', async (orderBy, expected) => {
  expect((await list({ orderBy })).ids).toEqual(expected)
})

test.each<Record<string, string>>([
  { filter: 'what?' },
  { orderBy: 'name sideways' },
  { pageToken: 'x' },
  { pageSize: '-1' },
  { readMask: 'nome' },
])('%j is refused', async (query) => {
  expect(await list(query)).toMatchObject({ status: 400, body: { code: 3 } })
})

test('readMask', async () => {
  const { body } = await list({ readMask: 'name', pageSize: '1' })
  expect(body).toMatchObject({ evaluators: [{ name: 'accounts/emulator/evaluators/a' }] })
  expect(JSON.stringify(body)).not.toContain('displayName')
  expect((await list({ readMask: '*' })).body).toEqual((await list({})).body)
})
