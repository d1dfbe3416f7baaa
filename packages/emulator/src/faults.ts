/** A call that a client makes, by what it is for. */
export type Step =
  | 'verifyApiKey'
  | 'accounts'
  | 'create'
  | 'get'
  | 'list'
  /** PATCH without prepareCodeUpload. */
  | 'update'
  /** PATCH with `prepareCodeUpload=true`. */
  | 'prepare'
  | 'delete'
  | 'endpoint'
  | 'validate'
  | 'buildLog'
  | 'sourceUrl'
  /** PUT to the store. */
  | 'put'
  /** GET or HEAD at the store. */
  | 'download'

/** What goes wrong. */
export type FaultAction =
  /** Answers with this status and does nothing. Default body: the shape that this origin's errors have. */
  | { kind: 'status'; status: number; body?: string; headers?: Record<string, string> }
  /** Resets the connection before anything is done. */
  | { kind: 'reset' }
  /** Does the work, then resets the connection: the answer is lost. */
  | { kind: 'reset-after' }
  /** Resets after this many bytes of a PUT's body. Default: half of Content-Length. */
  | { kind: 'reset-mid-body'; bytes?: number }
  /** Never answers, and does nothing. The store does not read the body either. */
  | { kind: 'hang' }
  /** Does the work, sends the head and half of the body, and then nothing more. */
  | { kind: 'stall' }
  /** Waits `delayMs` first; then moves no more than `bytesPerSecond` (a PUT's body inwards, others' answers outwards). */
  | { kind: 'slow'; delayMs?: number; bytesPerSecond?: number }
  /** Does the work, sends half of what Content-Length announces, and closes. An empty body is announced as longer. */
  | { kind: 'half-body' }
  /** Answers with bytes that are not HTTP. */
  | { kind: 'garbage' }
  /** Answers with a proxy's HTML page. Default status: 502. */
  | { kind: 'html'; status?: number }
  /** Answers with a redirect. Default status: 302. */
  | { kind: 'redirect'; location: string; status?: number }
  /** Does the work; its JSON is cut off in the middle, under an honest Content-Length. */
  | { kind: 'truncated-json' }
  /** Answers 200 with valid JSON of this size. Default: 5 MiB. */
  | { kind: 'huge-json'; bytes?: number }
  /** The store stores what came, and reports another md5. */
  | { kind: 'wrong-md5' }
  /** The URL that is handed out expired an hour ago. */
  | { kind: 'expired-url' }
  /** `filenameToSignedUrls: {}`, or an empty `buildLogSignedUri`. */
  | { kind: 'empty-urls' }
  /** The URL comes under another file name than the one asked for. */
  | { kind: 'wrong-filename' }
  /** The upload URL demands one header more. */
  | { kind: 'signed-header'; name: string; value: string }
  /** validateUpload: 400, code 9, as when the object has not landed yet. */
  | { kind: 'not-landed' }
  /** validateUpload begins a build that ends as BUILD_FAILED. */
  | { kind: 'build-fails'; message?: string; log?: string }
  /** validateUpload begins a build that stays BUILDING. */
  | { kind: 'build-never-ends' }
  /** The server's clock is this many milliseconds ahead (negative: behind) while it handles the call. */
  | { kind: 'clock-skew'; ms: number }

/** A fault, and when it is played. */
export interface Fault {
  step: Step
  do: FaultAction
  /** How many calls it hits. Default 1. */
  times?: number
  /** How many calls of that step are let through first. Default 0. */
  after?: number
  /** Only calls about this evaluator. Default: all. */
  evaluatorId?: string
}

/** The faults of an emulator. Where several match a call, the one that was added first is played. */
export interface Faults {
  /** @throws {TypeError} when the action can't happen at that step. */
  add(...faults: Fault[]): void
  /** Forgets one that was added: the very object. */
  remove(fault: Fault): void
  /** Forgets all that were added. */
  clear(): void
  /** Those that have calls left to hit. Empty once everything that was scripted has happened. */
  readonly pending: readonly Fault[]
}

export interface FaultScript extends Faults {
  /** Counts the call, and says what is to go wrong with it. */
  take(step: Step, evaluatorId: string | undefined): FaultAction | undefined
}

const gatewaySteps: readonly Step[] = [
  'verifyApiKey',
  'accounts',
  'create',
  'get',
  'list',
  'update',
  'prepare',
  'delete',
  'endpoint',
  'validate',
  'buildLog',
  'sourceUrl',
]
const allSteps: readonly Step[] = [...gatewaySteps, 'put', 'download']

/** At which steps a fault can happen. */
export const possibleAt: Record<FaultAction['kind'], readonly Step[]> = {
  status: allSteps,
  reset: allSteps,
  'reset-after': allSteps,
  'reset-mid-body': ['put'],
  hang: allSteps,
  stall: allSteps,
  slow: allSteps,
  'half-body': allSteps,
  garbage: allSteps,
  html: allSteps,
  redirect: allSteps,
  'truncated-json': gatewaySteps.filter((step) => step !== 'verifyApiKey'),
  'huge-json': gatewaySteps,
  'wrong-md5': ['put', 'download'],
  'expired-url': ['endpoint', 'sourceUrl', 'buildLog'],
  'empty-urls': ['endpoint', 'sourceUrl', 'buildLog'],
  'wrong-filename': ['endpoint', 'sourceUrl'],
  'signed-header': ['endpoint'],
  'not-landed': ['validate'],
  'build-fails': ['validate'],
  'build-never-ends': ['validate'],
  'clock-skew': allSteps,
}

/** @param onChange called when `pending` has changed */
export function createFaults(
  initial: readonly Fault[],
  onChange: (pending: readonly Fault[]) => void = () => {},
): FaultScript {
  let script: { fault: Fault; seen: number; left: number }[] = []
  const pending = (): Fault[] => script.filter(({ left }) => left > 0).map(({ fault }) => fault)
  const keep = (lines: typeof script): void => {
    script = lines
    onChange(pending())
  }
  const add = (...faults: Fault[]): void => {
    for (const fault of faults) check(fault)
    keep([...script, ...faults.map((fault) => ({ fault, seen: 0, left: fault.times ?? 1 }))])
  }
  add(...initial)
  return {
    add,
    remove: (fault) => keep(script.filter((line) => line.fault !== fault)),
    clear: () => keep([]),
    get pending() {
      return pending()
    },
    take(step, evaluatorId) {
      let hit: FaultAction | undefined
      for (const line of script) {
        if (line.fault.step !== step) continue
        if (line.fault.evaluatorId !== undefined && line.fault.evaluatorId !== evaluatorId) continue
        line.seen += 1
        if (hit || line.left === 0 || line.seen <= (line.fault.after ?? 0)) continue
        line.left -= 1
        hit = line.fault.do
      }
      if (hit) onChange(pending())
      return hit
    },
  }
}

/** Scripts come from JavaScript and JSON too, where a slip in a name would mean a fault that never happens. */
function check(fault: Fault): void {
  const { step: _, do: __, times = 1, after = 0, evaluatorId: ___, ...unknown } = fault
  const [name] = Object.keys(unknown)
  if (name !== undefined) throw new TypeError(`A fault has no '${name}'`)
  if (!(times >= 1) || !(after >= 0)) throw new TypeError(`A fault needs times ≥ 1 and after ≥ 0`)
  const steps = Object.hasOwn(possibleAt, fault.do.kind) ? possibleAt[fault.do.kind] : undefined
  if (!steps)
    throw new TypeError(`Unknown fault '${fault.do.kind}'. Known: ${Object.keys(possibleAt).join(', ')}`)
  if (!allSteps.includes(fault.step)) {
    throw new TypeError(`Unknown step '${fault.step}'. Known: ${allSteps.join(', ')}`)
  }
  if (!steps.includes(fault.step)) {
    throw new TypeError(
      `The fault '${fault.do.kind}' can't happen at '${fault.step}', only at: ${steps.join(', ')}`,
    )
  }
}
