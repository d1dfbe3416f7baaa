import { startEmulator } from '@fw/evaluator-emulator'
import { expect, test } from 'vitest'
import { makeFleet } from './fleet.ts'
import { expectTrue } from './outcomes.ts'
import { createRandom } from './random.ts'
import { randomFault } from './random-faults.ts'

/** Every night many more; else enough to see that it works. */
const EVALUATORS = Number(process.env.FW_SCALE_EVALUATORS ?? 16)
const FAULTS = Number(process.env.FW_SCALE_FAULTS ?? 40)
const SEED = process.env.FW_SCALE_SEED ?? 'a seed'
const SHARDS = 4

test(`${FAULTS} faults over ${EVALUATORS} evaluators: none is told to be there that is not, and all get there`, async () => {
  await using emulator = await startEmulator({ buildMs: 1 })
  const timeouts = { connectMs: 2000, attemptMs: 1500, totalMs: 20_000 }
  const retry = { attempts: 3, baseDelayMs: 5, maxDelayMs: 50 }
  await using fleet = await makeFleet(EVALUATORS, emulator.env, { retry, timeouts })
  const random = createRandom(SEED)
  const outcomes = new Map<string, number>()
  let planned = 0
  const played = (): number => planned - emulator.faults.pending.length

  async function runAll(): Promise<number> {
    const shards = Array.from({ length: SHARDS }, (_, index) => fleet.upload(`${index + 1}/${SHARDS}`).ended)
    const runs = await Promise.all(shards)
    for (const run of runs) {
      await expectTrue(run, { emulator, fleet, counts: outcomes })
      expect(run.stdout + run.stderr).not.toContain(emulator.apiKey)
      expect(run.stdout + run.stderr).not.toMatch(/Signature=[0-9a-f]/)
    }
    expect(await fleet.temporaries()).toEqual([])
    return runs.filter(({ code }) => code !== 0).length
  }

  for (let round = 0; played() < FAULTS; round++) {
    await fleet.rewrite(`round ${round}`)
    for (const id of fleet.ids) {
      const faults = Array.from({ length: 1 + random.below(3) }, () => randomFault(id, random))
      emulator.faults.add(...faults)
      planned += faults.length
    }
    await runAll()
  }
  const count = played()
  emulator.faults.clear()
  expect(await runAll()).toBe(0)
  const table = [...outcomes].map(([what, times]) => `${what} ${times}`).join(', ')
  console.info(`${count} faults were played: ${table}`)
}, 1_200_000)
