import { gunzipSync } from 'node:zlib'
import { packEvaluator } from '@fw/evaluator-core'
import { type Emulator, startEmulator } from '@fw/evaluator-emulator'
import { expect, test } from 'vitest'
import { faultOf } from './faults.ts'
import { makeFleet, markOf } from './fleet.ts'

const EVALUATORS = 200
const SHARDS = 8
/** The command's limit for uploads at the same time. */
const CONCURRENCY = 4
/** In the middle of the list of shard 3, and hit by no other fault. */
const VICTIM = { id: 'evaluator-099', shard: 3 }

/** ACTIVE evaluators at the service. */
const active = ({ evaluators }: Emulator): string[] =>
  evaluators.list().flatMap(({ id, state }) => (state === 'ACTIVE' ? [id] : []))

/** Collects complete evaluators that are sent again without a reason. */
function watchForNeedless({ on, evaluators }: Emulator): readonly string[] {
  const complete = new Set<string>()
  const needless: string[] = []
  on('state', ({ evaluatorId, to }) => void (to === 'ACTIVE' && complete.add(evaluatorId)))
  on('request', ({ step, evaluatorId = '' }) => {
    if (step !== 'put') return
    if (complete.has(evaluatorId) || evaluators.get(evaluatorId)?.building) needless.push(evaluatorId)
  })
  return needless
}

async function allBuilt({ evaluators, waitFor }: Emulator): Promise<void> {
  // The check and the wait are in the same turn of the event loop, so no change is missed.
  while (evaluators.list().some(({ building }) => building)) await waitFor('state')
}

test('200 evaluators over 8 processes, with 429s, resets and a kill -9: a plain run completes them', async () => {
  await using emulator = await startEmulator({ buildMs: 1 })
  await using fleet = await makeFleet(EVALUATORS, emulator.env)
  const { ids } = fleet
  const needless = watchForNeedless(emulator)
  // The PUT is so slow that it cannot end before the process is killed.
  emulator.faults.add({ step: 'put', evaluatorId: VICTIM.id, do: { kind: 'hang' } })
  emulator.faults.add(...ids.flatMap((id, index) => faultOf(index, id) ?? []))

  const uploads = Array.from({ length: SHARDS }, (_, index) => fleet.upload(`${index + 1}/${SHARDS}`))
  await emulator.waitFor('request', ({ step, evaluatorId }) => step === 'put' && evaluatorId === VICTIM.id)
  uploads[VICTIM.shard - 1]?.child.kill('SIGKILL')
  const ended = await Promise.all(uploads.map(({ ended }) => ended))
  ended.forEach(({ code, signal, stderr }, index) => {
    const isKilled = index === VICTIM.shard - 1
    expect({ code, signal }, stderr).toEqual({
      code: isKilled ? null : 0,
      signal: isKilled ? 'SIGKILL' : null,
    })
  })
  await allBuilt(emulator)

  const before = new Set(active(emulator))
  const begun = new Set(emulator.requests.map(({ evaluatorId }) => evaluatorId))
  const interrupted = ids.filter((id) => begun.has(id) && !before.has(id))
  const missing = ids.filter((id) => !before.has(id))
  expect(interrupted).toContain(VICTIM.id)
  expect(interrupted.length).toBeLessThanOrEqual(CONCURRENCY)
  expect(missing.every((id) => ids.indexOf(id) % SHARDS === VICTIM.shard - 1)).toBe(true)
  expect(missing.length).toBeGreaterThan(interrupted.length)

  const again = await fleet.upload().ended
  expect(again.code, again.stderr).toBe(0)
  const { counts } = JSON.parse(again.stdout).result
  expect(counts).toEqual({
    uploaded: missing.length,
    unchanged: EVALUATORS - missing.length,
    dryRun: 0,
    failed: 0,
  })
  await allBuilt(emulator)

  expect(active(emulator).sort()).toEqual(ids)
  const md5s = new Set<string>()
  for (const evaluatorId of ids) {
    await using archive = await packed(evaluatorId, fleet.folder(evaluatorId))
    const [file] = emulator.evaluators.get(evaluatorId)?.files ?? []
    expect(file?.md5, evaluatorId).toBe(archive.md5)
    md5s.add(archive.md5)
    const bytes = (await file?.bytes()) ?? Buffer.alloc(0)
    expect(gunzipSync(bytes).includes(markOf(evaluatorId)), evaluatorId).toBe(true)
  }
  expect(md5s.size).toBe(EVALUATORS)

  // One PUT for each, and one more only after a fault or the kill.
  expect(needless).toEqual([])
  const puts = (id: string): number =>
    emulator.requests.filter(({ step, evaluatorId }) => step === 'put' && evaluatorId === id).length
  for (const [index, id] of ids.entries()) {
    if (interrupted.includes(id)) continue
    expect(puts(id), id).toBe(faultOf(index, id)?.step === 'put' ? 2 : 1)
  }
  expect(emulator.faults.pending).toEqual([])
  expect(await fleet.temporaries()).toEqual([])
}, 180_000)

async function packed(evaluatorId: string, dir: string): Promise<{ md5: string } & AsyncDisposable> {
  const archive = await packEvaluator({ evaluatorId, source: { dir } })
  return { md5: archive.md5, [Symbol.asyncDispose]: () => archive.dispose() }
}
