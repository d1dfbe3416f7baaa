import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { downloadArchive, packEvaluator } from '@fw/evaluator-core'
import { type Emulator, startEmulator } from '@fw/evaluator-emulator'
import { expect, onTestFinished, test } from 'vitest'
import { makeFleet } from './fleet.ts'
import { expectStored, rowsOf } from './outcomes.ts'
import { createRandom } from './random.ts'

/** Every night 60 and 40; else enough to see that it works. */
const CLIENT_KILLS = Number(process.env.FW_SCALE_CLIENT_KILLS ?? 6)
const EMULATOR_KILLS = Number(process.env.FW_SCALE_EMULATOR_KILLS ?? 3)
const EVALUATORS = 8
/** Each kill is followed by a run that completes all, and every run has limits of its own. */
const KILL_WITHIN_MS = 60_000
const random = createRandom(process.env.FW_SCALE_SEED ?? 'a seed')

/** Of a process from its start to the end of its uploads; by then most of a busy machine's runs are over. */
const MAX_KILL_MS = 2500

test(
  `${CLIENT_KILLS} kills of the command: nothing is half there, and the next run completes it`,
  async () => {
    await using emulator = await startEmulator({ buildMs: 1 })
    // Each call takes a while, so that a kill finds all of them under way.
    emulator.faults.add({ step: 'put', times: 1e6, do: { kind: 'slow', delayMs: 100 } })
    emulator.faults.add({ step: 'validate', times: 1e6, do: { kind: 'slow', delayMs: 100 } })
    emulator.faults.add({ step: 'endpoint', times: 1e6, do: { kind: 'slow', delayMs: 100 } })
    await using fleet = await makeFleet(EVALUATORS, emulator.env)
    const found = { killed: 0, 'was over': 0 }
    for (let round = 0; found.killed < CLIENT_KILLS; round++) {
      await fleet.rewrite(`round ${round}`)
      const signal = random.pick(['SIGKILL', 'SIGINT', 'SIGTERM'])
      const { child, ended } = fleet.upload()
      await Promise.race([ended, sleep(random.below(MAX_KILL_MS))])
      const isOver = child.exitCode !== null
      child.kill(signal)
      const began = performance.now()
      const { code, stderr } = await ended
      expect(performance.now() - began, `${signal}: ${stderr}`).toBeLessThan(5000)
      found[isOver ? 'was over' : 'killed'] += 1
      // Before the command listens for a signal, the signal ends it as it does any process.
      if (!isOver && signal === 'SIGINT' && code !== null) expect(code, stderr).toBe(130)
      await expectWhole(emulator)

      const again = await fleet.upload().ended
      expect(again.code, again.stderr).toBe(0)
      for (const { id, result } of rowsOf(again)) {
        if (result) await expectStored(emulator, id, fleet.folder(id), result)
      }
      expect(await fleet.temporaries()).toEqual([])
    }
    console.info(`kills of the command: ${JSON.stringify(found)}`)
  },
  CLIENT_KILLS * KILL_WITHIN_MS,
)

/** What the service has built of is a whole archive, of this round or of one before. */
async function expectWhole({ evaluators }: Emulator): Promise<void> {
  for (const { id, state, files } of evaluators.list()) {
    const [file] = files
    if (state !== 'ACTIVE' || !file) continue
    const tar = gunzipSync(await file.bytes())
    expect(tar.includes(`${id}/round.txt`), id).toBe(true)
  }
}

test(
  `${EMULATOR_KILLS} kills of the service: what was told to be there is there when it is back`,
  async () => {
    const dir = await mkdtemp(join(tmpdir(), 'fw-kills-'))
    onTestFinished(() => rm(dir, { recursive: true, force: true }))
    let service = await start(join(dir, 'state'), [0, 0])
    onTestFinished(() => void service.child.kill('SIGKILL'))
    const { env, ports } = service
    const retry = { attempts: 8, baseDelayMs: 100, maxDelayMs: 1000 }
    await using fleet = await makeFleet(EVALUATORS, env, { retry })
    const options = {
      apiKey: env.FIREWORKS_API_KEY,
      accountId: env.FIREWORKS_ACCOUNT_ID,
      baseUrl: env.FIREWORKS_API_BASE,
    }
    const expectHeld = async (id: string): Promise<void> => {
      const outFile = join(dir, 'held.tar.gz')
      await downloadArchive(id, { ...options, outFile })
      const held = createHash('sha256')
        .update(await readFile(outFile))
        .digest('hex')
      const packed = await packEvaluator({ evaluatorId: id, source: fleet.folder(id) })
      await packed.dispose()
      expect(held, id).toBe(packed.sha256)
    }
    const found = new Map<string, number>()
    for (let kill = 0; kill < EMULATOR_KILLS; kill++) {
      await fleet.rewrite(`round ${kill}`)
      const { ended } = fleet.upload()
      await Promise.race([ended, sleep(300 + random.below(MAX_KILL_MS))])
      service.child.kill('SIGKILL')
      await service.exited
      service = await start(join(dir, 'state'), ports)
      for (const { id, ok, result, error } of rowsOf(await ended)) {
        const what = ok ? result.outcome : error.code
        found.set(what, (found.get(what) ?? 0) + 1)
        expect(what, JSON.stringify(error)).not.toBe('FW_INTERNAL')
        if (ok) await expectHeld(id)
      }
      const again = await fleet.upload().ended
      expect(again.code, again.stderr).toBe(0)
      for (const id of fleet.ids) await expectHeld(id)
      expect(await fleet.temporaries()).toEqual([])
    }
    console.info(`kills of the service: ${[...found].map(([what, times]) => `${what} ${times}`).join(', ')}`)
  },
  EMULATOR_KILLS * KILL_WITHIN_MS,
)

const SCRIPT = fileURLToPath(new URL('emulator-process.ts', import.meta.url))

/** An emulator that can be killed. */
async function start(dir: string, ports: readonly [number, number]) {
  const child = spawn(process.execPath, [SCRIPT, dir, ...ports.map(String)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  const [line] = await Promise.race([once(createInterface(child.stdout), 'line'), exited])
  if (typeof line !== 'string') throw new Error(`The emulator did not start: ${line}`)
  const started: { env: Emulator['env']; ports: [number, number] } = JSON.parse(line)
  return { child, exited, ...started }
}
