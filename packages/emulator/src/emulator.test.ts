import { afterEach, expect, test } from 'vitest'
import { type Emulator, startEmulator } from './index.ts'
import {
  buildLog,
  call,
  evaluatorsPath,
  field,
  get,
  md5Hex,
  signedUrl,
  sourceUrls,
  uploadAndBuild,
} from './testing/client.ts'

let emulator: Emulator
afterEach(() => emulator.close())

test('the life of an evaluator: created, uploaded, validated, built, read, deleted', async () => {
  emulator = await startEmulator({ buildMs: 5 })
  const bytes = await uploadAndBuild(emulator, undefined, {
    displayName: 'Mine',
    entryPoint: 'scorer.py::score',
  })

  const { body } = await get(emulator)
  expect(body).toMatchObject({
    name: `accounts/${emulator.accountId}/evaluators/my-eval`,
    displayName: 'Mine',
    state: 'ACTIVE',
    status: { code: 'OK', message: 'Template built successfully' },
  })

  const downloaded = await fetch(signedUrl((await sourceUrls(emulator)).body))
  expect(Buffer.from(await downloaded.arrayBuffer())).toEqual(Buffer.from(bytes))
  expect(downloaded.headers.get('etag')).toBe(`"${md5Hex(bytes)}"`)

  const log = await fetch(String(field((await buildLog(emulator)).body, 'buildLogSignedUri')))
  expect(await log.text()).toContain('Template built successfully')

  expect(emulator.requests.map(({ step, status }) => [step, status])).toEqual([
    ['create', 200],
    ['endpoint', 200],
    ['put', 200],
    ['validate', 200],
    ['get', 200],
    ['sourceUrl', 200],
    ['download', 200],
    ['buildLog', 200],
    ['download', 200],
  ])
  expect(emulator.requests.filter(({ problem }) => problem)).toEqual([])

  expect((await call(emulator, 'DELETE', evaluatorsPath(emulator, '/my-eval'))).body).toEqual({})
  expect((await get(emulator)).status).toBe(404)
  expect(emulator.evaluators.list()).toEqual([])
})
