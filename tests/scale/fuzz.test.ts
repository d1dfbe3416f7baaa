import { setTimeout as sleep } from 'node:timers/promises'
import { startEmulator } from '@fw/evaluator-emulator'
import { expect, test } from 'vitest'
import { type Ended, makeFleet } from './fleet.ts'
import { startFuzzingProxy } from './fuzzing-proxy.ts'
import { expectStored, expectTrue, rowsOf } from './outcomes.ts'

/** Every night 1000, under another seed; else enough to see that it works. */
const ANSWERS = Number(process.env.FW_SCALE_FUZZED ?? 60)
const SEED = process.env.FW_SCALE_SEED ?? 'a seed'
const EVALUATORS = 20
const KEY = 'fw_MARKERKEY_of_the_fuzzed_0123456789'

/** Four at once, each of them ended by `totalMs` at the latest, and what loading takes on a busy machine. */
const TIMEOUTS = { connectMs: 2000, attemptMs: 1500, totalMs: 8000 }
const LIMIT_MS = (EVALUATORS / 4) * TIMEOUTS.totalMs + 20_000

test(`${ANSWERS} fuzzed answers: nothing is lost, nothing lies, nothing leaks, and all runs end`, async () => {
  await using proxy = await startFuzzingProxy(SEED)
  await using emulator = await startEmulator({ buildMs: 1, apiKey: KEY, storeOrigin: proxy.url })
  proxy.target = emulator
  const retry = { attempts: 3, baseDelayMs: 5, maxDelayMs: 50 }
  const env = { ...emulator.env, FIREWORKS_API_BASE: proxy.url }
  await using fleet = await makeFleet(EVALUATORS, env, { retry, timeouts: TIMEOUTS })
  const ended = new Map<string, number>()
  for (let round = 0; proxy.count < ANSWERS; round++) {
    await fleet.rewrite(`round ${round}`)
    proxy.share = 0.3
    const run = await Promise.race([fleet.upload().ended, sleep(LIMIT_MS, undefined, { ref: false })])
    if (!run) throw new Error(`Round ${round} of seed "${SEED}" did not end`)
    expectHarmless(run, proxy.signatures)
    await expectTrue(run, { emulator, fleet, counts: ended })
    expect(await fleet.temporaries()).toEqual([])
  }

  proxy.share = 0
  const last = await fleet.upload().ended
  expect(last.code, last.stderr).toBe(0)
  for (const { id, result } of rowsOf(last)) {
    if (result) await expectStored(emulator, id, fleet.folder(id), result)
  }
  report(proxy.count, ended, proxy.fuzzed)
}, 1_200_000)

/** Neither secrets nor what a terminal obeys. */
function expectHarmless({ stdout, stderr }: Ended, signatures: ReadonlySet<string>): void {
  const text = stdout + stderr
  const secrets = [
    KEY,
    encodeURIComponent(KEY),
    Buffer.from(KEY).toString('base64').slice(2, 30),
    ...signatures,
  ]
  const leaked = secrets.filter((secret) => text.toLowerCase().includes(secret.toLowerCase()))
  expect(leaked, text).toEqual([])
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/)
}

function report(count: number, ...tables: ReadonlyMap<string, number>[]): void {
  const lines = tables.map((table) =>
    [...table]
      .sort(([, a], [, b]) => b - a)
      .map(([name, times]) => `${name} ${times}`)
      .join(', '),
  )
  console.info([`${count} fuzzed answers`, ...lines].join('\n'))
}
