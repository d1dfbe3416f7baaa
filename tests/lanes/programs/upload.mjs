// The emulator and core in one process: uploads a folder until it is ACTIVE, then once more without changes.
import { uploadEvaluator } from '@fw/evaluator-core'
import { startEmulator } from '@fw/evaluator-emulator'

const emulator = await startEmulator({ buildMs: 10 })
const options = {
  evaluatorId: 'lane',
  source: process.argv[2],
  apiKey: emulator.apiKey,
  accountId: emulator.accountId,
  baseUrl: emulator.url,
  wait: { intervalMs: 10 },
}
const first = await uploadEvaluator(options)
const second = await uploadEvaluator(options)
const failure = await uploadEvaluator({ ...options, apiKey: 'wrong' }).catch((error) => error)
await emulator.close()
const { outcome, evaluator, archive } = first
console.log(
  JSON.stringify({
    node: process.version,
    outcome,
    state: evaluator.state,
    sha256: archive.sha256,
    again: second.outcome,
    failure: failure.code,
  }),
)
