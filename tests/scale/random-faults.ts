import type { Fault, FaultAction, Step } from '@fw/evaluator-emulator'
import type { Random } from './random.ts'

/** The calls of an upload: a first one creates, a later one prepares. */
const GATEWAY: readonly [Step, ...Step[]] = ['get', 'create', 'prepare', 'endpoint', 'validate', 'sourceUrl']
const STORE: readonly [Step, ...Step[]] = ['put', 'download']
const ALL: readonly [Step, ...Step[]] = [...GATEWAY, ...STORE]

/** Those that pass, those that do not, and what no server should say. */
// biome-ignore format: a table
const STATUSES: readonly [number, ...number[]] = [
  400, 401, 403, 404, 408, 409, 412, 413, 429, 500, 501, 502, 503, 504, 520, 204, 299,
]

type Make = (random: Random) => FaultAction

const FAULTS: readonly [Rule, ...Rule[]] = [
  [ALL, ({ pick }) => ({ kind: 'status', status: pick(STATUSES) })],
  [ALL, () => ({ kind: 'status', status: 429, headers: { 'retry-after': '1' } })],
  [ALL, () => ({ kind: 'reset' })],
  [ALL, () => ({ kind: 'reset-after' })],
  [ALL, () => ({ kind: 'hang' })],
  [ALL, () => ({ kind: 'stall' })],
  [ALL, ({ below }) => ({ kind: 'slow', delayMs: below(500) })],
  [ALL, () => ({ kind: 'half-body' })],
  [ALL, () => ({ kind: 'garbage' })],
  [ALL, ({ pick }) => ({ kind: 'html', status: pick([200, 403, 502]) })],
  [ALL, () => ({ kind: 'redirect', location: 'http://127.0.0.1:1/elsewhere' })],
  [ALL, ({ pick }) => ({ kind: 'clock-skew', ms: pick([-7_200_000, 7_200_000]) })],
  [GATEWAY, () => ({ kind: 'truncated-json' })],
  [GATEWAY, () => ({ kind: 'huge-json' })],
  [STORE, () => ({ kind: 'wrong-md5' })],
  [['put'], ({ below }) => ({ kind: 'reset-mid-body', bytes: below(200) })],
  [['endpoint', 'sourceUrl'], () => ({ kind: 'expired-url' })],
  [['endpoint', 'sourceUrl'], () => ({ kind: 'empty-urls' })],
  [['endpoint', 'sourceUrl'], () => ({ kind: 'wrong-filename' })],
  [['endpoint'], () => ({ kind: 'signed-header', name: 'x-goog-meta-a', value: 'b' })],
  [['validate'], () => ({ kind: 'not-landed' })],
  [['validate'], () => ({ kind: 'build-fails' })],
]
type Rule = readonly [steps: readonly [Step, ...Step[]], make: Make]

export function randomFault(evaluatorId: string, random: Random): Fault {
  const [steps, make] = random.pick(FAULTS)
  return { step: random.pick(steps), evaluatorId, times: random.pick([1, 1, 1, 2, 3]), do: make(random) }
}
