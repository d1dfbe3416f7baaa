import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import {
  call,
  create,
  evaluatorsPath,
  field,
  get,
  md5Hex,
  prepare,
  put,
  type Reply,
  signedUrl,
  sourceUrls,
  uploadUrl,
  validate,
} from '../testing/client.ts'
import { type SpawnedEmulator, spawnEmulator } from '../testing/spawn-emulator.ts'
import { tarGz } from '../testing/tar-gz.ts'

const buildMs = 10
const rounds = 5
const clients = 4

/** What a client knows about its evaluator. Without an answer, the effect of a call is unknown. */
interface Told {
  id: string
  exists: boolean | 'open'
  /** md5 of the upload; undefined without one. */
  md5: string | undefined | 'open'
  validated: boolean | 'open'
  active: boolean | 'open'
}

function ok({ status, body }: Reply): unknown {
  expect([200, body]).toEqual([status, body])
  return body
}

/** Resolves after so many answers; what the other clients are in the middle of then differs from round to round. */
function answers(count: number): { promise: Promise<void>; count: () => void } {
  let left = count
  let resolve = (): void => {}
  const promise = new Promise<void>((done) => {
    resolve = done
  })
  return {
    promise,
    count() {
      left -= 1
      if (left === 0) resolve()
    },
  }
}

/** Takes one evaluator through its life, over and over, until the emulator is killed. */
async function live(
  emulator: SpawnedEmulator,
  told: Told[],
  name: string,
  answered: () => void,
): Promise<never> {
  const acknowledged = (reply: Reply): unknown => {
    answered()
    return ok(reply)
  }
  for (let n = 0; ; n++) {
    const mine: Told = { id: `${name}-${n}`, exists: 'open', md5: undefined, validated: false, active: false }
    told.push(mine)
    acknowledged(await create(emulator, mine.id))
    mine.exists = true
    for (const content of ['first', 'second']) {
      const bytes = tarGz({ 'top/requirements.txt': `${content}-${mine.id}` })
      const target = await uploadUrl(emulator, bytes.length, mine.id)
      mine.md5 = 'open'
      const response = await put(target, bytes)
      await response.arrayBuffer()
      expect(response.status).toBe(200)
      answered()
      mine.md5 = md5Hex(bytes)
      mine.validated = 'open'
      acknowledged(await validate(emulator, mine.id))
      mine.validated = true
      mine.active = 'open'
      while (field(acknowledged(await get(emulator, mine.id)), 'state') !== 'ACTIVE') await sleep(2)
      mine.active = true
      if (content === 'second') break
      Object.assign(mine, { md5: 'open', validated: 'open', active: 'open' })
      acknowledged(await prepare(emulator, mine.id))
      Object.assign(mine, { md5: undefined, validated: false, active: false })
    }
    if (n % 2 === 0) continue
    mine.exists = 'open'
    acknowledged(await call(emulator, 'DELETE', evaluatorsPath(emulator, `/${mine.id}`)))
    mine.exists = false
  }
}

/** After the restart, everything that a client was told must be true. */
async function check(emulator: SpawnedEmulator, { id, exists, md5, validated, active }: Told): Promise<void> {
  const found = await get(emulator, id)
  if (exists === 'open') return
  expect([id, found.status]).toEqual([id, exists ? 200 : 404])
  if (!exists) return
  if (active === true) expect(field(found.body, 'state')).toBe('ACTIVE')
  if (md5 !== 'open' && md5 !== undefined) {
    const downloaded = await fetch(signedUrl(ok(await sourceUrls(emulator, id)), `${id}.tar.gz`))
    expect(md5Hex(new Uint8Array(await downloaded.arrayBuffer()))).toBe(md5)
    expect(downloaded.headers.get('etag')).toBe(`"${md5}"`)
  }
  // A running build ends, although the process that started it is gone.
  if (validated === true) while (field((await get(emulator, id)).body, 'state') !== 'ACTIVE') await sleep(2)
}

test('killed at any moment, it restarts with everything that it had answered', {
  timeout: 120_000,
}, async () => {
  const dir = await mkdtemp(join(tmpdir(), 'emulator-kill-'))
  onTestFinished(() => rm(dir, { recursive: true, force: true }))
  const told: Told[] = []
  const keys = new Set<string>()
  for (let round = 0; round < rounds; round++) {
    const emulator = await spawnEmulator(dir, buildMs)
    keys.add(emulator.apiKey)
    await Promise.all(told.map((mine) => check(emulator, mine)))
    const { promise, count } = answers(1 + ((round * 29) % 130))
    const lives = Array.from({ length: clients }, (_, n) => live(emulator, told, `r${round}c${n}`, count))
    await promise
    emulator.process.kill('SIGKILL')
    for (const result of await Promise.allSettled(lives)) {
      // Only the kill may end a client.
      expect(result).toMatchObject({ status: 'rejected', reason: { name: 'TypeError' } })
    }
    expect(await emulator.ended).toBe('SIGKILL')
  }

  const emulator = await spawnEmulator(dir, buildMs)
  await Promise.all(told.map((mine) => check(emulator, mine)))
  expect(keys.size).toBe(1)
  expect((await readdir(dir)).sort()).toEqual(['blobs', `emulator-${rounds + 1}.lock`, 'state.json'])
  expect((await readdir(join(dir, 'blobs'))).filter((name) => name.endsWith('.part'))).toEqual([])
  emulator.process.stdin?.end()
  expect(await emulator.ended).toBe(0)
})

test('of many processes that find the lock of a dead one, one starts', { timeout: 60_000 }, async () => {
  const dir = await mkdtemp(join(tmpdir(), 'emulator-lock-'))
  onTestFinished(() => rm(dir, { recursive: true, force: true }))
  for (const _ of [1, 2]) {
    const starts = await Promise.allSettled(Array.from({ length: 6 }, () => spawnEmulator(dir, buildMs)))
    const running = starts.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : []))
    expect(running).toHaveLength(1)
    for (const emulator of running) {
      emulator.process.kill('SIGKILL')
      await emulator.ended
    }
  }
})

test('after close nothing keeps the process alive, not even a running build', async () => {
  const emulator = await spawnEmulator('', 3_600_000)
  const bytes = tarGz({ 'top/requirements.txt': '' })
  ok(await create(emulator))
  await put(await uploadUrl(emulator, bytes.length), bytes)
  ok(await validate(emulator))
  emulator.process.stdin?.end()
  expect(await emulator.ended).toBe(0)
})
