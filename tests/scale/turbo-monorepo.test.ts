import { readdir, readFile } from 'node:fs/promises'
import { type Emulator, startEmulator } from '@fw/evaluator-emulator'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { checkOut, EXAMPLE } from './monorepo.ts'
import { type RemoteCache, startRemoteCache } from './remote-cache.ts'

const ids = (await readdir(`${EXAMPLE}/evaluators`)).sort()

// Another machine has built all twenty, and uploaded none.
let cache: RemoteCache
beforeAll(async () => {
  cache = await startRemoteCache()
  await using checkout = await checkOut(cache.env)
  expect(await checkout.turbo('build')).toMatch(/Cached: +0 cached, 20 total/)
  expect(cache.size()).toBe(20)
}, 180_000)
afterAll(() => cache[Symbol.asyncDispose]())

/** Evaluators that were sent since the last call, sorted. */
function sentSince(emulator: Emulator): () => string[] {
  let seen = 0
  return () => {
    const fresh = emulator.requests.slice(seen)
    seen = emulator.requests.length
    return fresh
      .flatMap(({ step, evaluatorId }) => (step === 'put' && evaluatorId ? [evaluatorId] : []))
      .sort()
  }
}

test('a build may come from the cache; an upload is skipped only if the service has the bytes', async () => {
  await using emulator = await startEmulator({ buildMs: 1 })
  const sent = sentSince(emulator)
  const env = { ...emulator.env, ...cache.env }
  await using first = await checkOut(env)

  const allNew = await first.turbo('upload')
  expect(allNew).toMatch(/20 evaluators: 20 uploaded\b/)
  expect(allNew).toMatch(/Cached: +20 cached, 21 total/)
  expect(sent()).toEqual(ids)

  const again = await first.turbo('upload')
  expect(again).toMatch(/20 evaluators: 20 unchanged\b/)
  expect(again).toMatch(/Cached: +20 cached, 21 total/)
  expect(sent()).toEqual([])

  // A second machine has only the remote cache. It makes the same bytes.
  await using second = await checkOut(env)
  const elsewhere = await second.turbo('upload')
  expect(elsewhere).toMatch(/20 evaluators: 20 unchanged\b/)
  expect(elsewhere).toMatch(/Cached: +20 cached, 21 total/)
  expect(sent()).toEqual([])

  // A new comment causes a build, but is not in the bundle.
  await second.edit('evaluators/polite/src/score.ts', (text) => `// kind words\n${text}`)
  const commented = await second.turbo('upload')
  expect(commented).toMatch(/20 evaluators: 20 unchanged\b/)
  expect(commented).toMatch(/Cached: +19 cached, 21 total/)

  await second.edit('evaluators/polite/src/score.ts', (text) => text.replace('please|', 'please|kindly|'))
  const changed = await second.turbo('upload')
  expect(changed).toMatch(/20 evaluators: 1 uploaded, 19 unchanged\b/)
  expect(changed).toMatch(/Cached: +19 cached, 21 total/)
  expect(sent()).toEqual(['polite'])

  // The cache has this build, and knows nothing about the service.
  const { accountId, apiKey, url } = emulator
  await fetch(`${url}/v1/accounts/${accountId}/evaluators/no-links`, {
    method: 'DELETE',
    headers: { authorization: `Bearer ${apiKey}` },
  })
  const deleted = await second.turbo('upload')
  expect(deleted).toMatch(/Cached: +20 cached, 21 total/)
  expect(sent()).toEqual(['no-links'])
  expect(emulator.evaluators.list().map(({ state }) => state)).toEqual(ids.map(() => 'ACTIVE'))
}, 180_000)

test("the recipe's shards have every evaluator once", async () => {
  await using emulator = await startEmulator({ buildMs: 1 })
  await using checkout = await checkOut({ ...emulator.env, ...cache.env })
  const readme = await readFile(`${EXAMPLE}/README.md`, 'utf8')
  expect(readme).toContain(`
      - run: npx turbo run build
      - run: npx turbo run upload --only -- --shard \${{ matrix.shard }}/4
`)
  expect(await checkout.turbo('build')).toMatch(/Cached: +20 cached, 20 total/)
  for (const shard of [1, 2, 3, 4]) await checkout.turbo('upload', '--only', '--', '--shard', `${shard}/4`)
  const sent = sentSince(emulator)()
  expect(sent).toEqual(ids)
}, 180_000)

test('the package that uploads depends on every evaluator, so that turbo builds them first', async () => {
  const { dependencies } = JSON.parse(await readFile(`${EXAMPLE}/upload/package.json`, 'utf8'))
  expect(Object.keys(dependencies)).toEqual(ids)
})
