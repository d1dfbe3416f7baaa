/** The step of an upload that a request belongs to. */
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
  /** Answers with this status and does nothing. Default body: an error of this origin. */
  | {
      kind: 'status'
      status: number
      body?: string | undefined
      headers?: Record<string, string> | undefined
    }
  /** Resets the connection before anything is done. */
  | { kind: 'reset' }
  /** Does the work, then resets the connection: the answer is lost. */
  | { kind: 'reset-after' }
  /** Resets after this many bytes of a PUT's body. Default: half of Content-Length. */
  | { kind: 'reset-mid-body'; bytes?: number | undefined }
  /** Never answers, and does nothing. The store does not read the body either. */
  | { kind: 'hang' }
  /** Does the work, sends the head and half of the body, then nothing. */
  | { kind: 'stall' }
  /** Waits `delayMs` first; then moves no more than `bytesPerSecond` (the body of a PUT, else the answer). */
  | { kind: 'slow'; delayMs?: number | undefined; bytesPerSecond?: number | undefined }
  /**
   * Does the work, sends half of what Content-Length announces, and closes. For an empty body, it announces more bytes.
   */
  | { kind: 'half-body' }
  /** Answers with bytes that are not HTTP. */
  | { kind: 'garbage' }
  /** Answers with a proxy's HTML page. Default status: 502. */
  | { kind: 'html'; status?: number | undefined }
  /** Answers with a redirect. Default status: 302. */
  | { kind: 'redirect'; location: string; status?: number | undefined }
  /** Does the work, and sends half of the JSON, with the Content-Length of that half. */
  | { kind: 'truncated-json' }
  /** Answers 200 with valid JSON of this size. Default: 5 MiB. */
  | { kind: 'huge-json'; bytes?: number | undefined }
  /** The store keeps the bytes, and reports another md5. */
  | { kind: 'wrong-md5' }
  /** The URL in the answer expired an hour ago. */
  | { kind: 'expired-url' }
  /** `filenameToSignedUrls: {}`, or an empty `buildLogSignedUri`. */
  | { kind: 'empty-urls' }
  /** The URL in the answer has another file name. */
  | { kind: 'wrong-filename' }
  /** The upload URL needs one more header. */
  | { kind: 'signed-header'; name: string; value: string }
  /** validateUpload: 400, code 9, as if the store had not written the object yet. */
  | { kind: 'not-landed' }
  /** validateUpload begins a build that ends as BUILD_FAILED. */
  | { kind: 'build-fails'; message?: string | undefined; log?: string | undefined }
  /** validateUpload begins a build that stays BUILDING. */
  | { kind: 'build-never-ends' }
  /** The server's clock is this many milliseconds ahead (negative: behind) while it handles the call. */
  | { kind: 'clock-skew'; ms: number }

/** A fault, and when it happens. */
export interface Fault {
  step: Step
  do: FaultAction
  /** How many calls fail. Default 1. */
  times?: number | undefined
  /** How many calls of that step succeed first. Default 0. */
  after?: number | undefined
  /** Only calls about this evaluator. Default: all. */
  evaluatorId?: string | undefined
}

/** The faults of an emulator. If several match a call, the one added first happens. */
export interface Faults {
  /** Adds faults. @throws {TypeError} if the action cannot happen at that step */
  add(...faults: Fault[]): void
  /** Removes this fault: the object that was added. */
  remove(fault: Fault): void
  /** Removes all faults. */
  clear(): void
  /** Faults with calls left. Empty when all faults have happened. */
  readonly pending: readonly Fault[]
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

type ActionOf<Kind> = Extract<FaultAction, { kind: Kind }>
type FieldType<T> = T extends number ? 'number' : T extends string ? 'text' : 'headers'
type FieldRule<
  Action,
  Name extends keyof Action,
> = `${FieldType<Exclude<Action[Name], undefined>>}${undefined extends Action[Name] ? '?' : ''}`

/** The steps at which a fault can happen, and its fields. A `?` marks an optional field. */
interface FaultRule<Kind extends FaultAction['kind']> {
  readonly steps: readonly Step[]
  readonly fields: {
    readonly [Name in Exclude<keyof ActionOf<Kind>, 'kind'>]-?: FieldRule<ActionOf<Kind>, Name>
  }
}

/** Every kind of fault; the compiler checks the table against {@link FaultAction}. */
export const faultRules: { readonly [Kind in FaultAction['kind']]: FaultRule<Kind> } = {
  status: { steps: allSteps, fields: { status: 'number', body: 'text?', headers: 'headers?' } },
  reset: { steps: allSteps, fields: {} },
  'reset-after': { steps: allSteps, fields: {} },
  'reset-mid-body': { steps: ['put'], fields: { bytes: 'number?' } },
  hang: { steps: allSteps, fields: {} },
  stall: { steps: allSteps, fields: {} },
  slow: { steps: allSteps, fields: { delayMs: 'number?', bytesPerSecond: 'number?' } },
  'half-body': { steps: allSteps, fields: {} },
  garbage: { steps: allSteps, fields: {} },
  html: { steps: allSteps, fields: { status: 'number?' } },
  redirect: { steps: allSteps, fields: { location: 'text', status: 'number?' } },
  'truncated-json': { steps: gatewaySteps.filter((step) => step !== 'verifyApiKey'), fields: {} },
  'huge-json': { steps: gatewaySteps, fields: { bytes: 'number?' } },
  'wrong-md5': { steps: ['put', 'download'], fields: {} },
  'expired-url': { steps: ['endpoint', 'sourceUrl', 'buildLog'], fields: {} },
  'empty-urls': { steps: ['endpoint', 'sourceUrl', 'buildLog'], fields: {} },
  'wrong-filename': { steps: ['endpoint', 'sourceUrl'], fields: {} },
  'signed-header': { steps: ['endpoint'], fields: { name: 'text', value: 'text' } },
  'not-landed': { steps: ['validate'], fields: {} },
  'build-fails': { steps: ['validate'], fields: { message: 'text?', log: 'text?' } },
  'build-never-ends': { steps: ['validate'], fields: {} },
  'clock-skew': { steps: allSteps, fields: { ms: 'number' } },
}

const faultFields = {
  step: 'text',
  do: 'object',
  times: 'number?',
  after: 'number?',
  evaluatorId: 'text?',
} as const satisfies { [Name in keyof Fault]-?: string }

/**
 * Checks faults from JavaScript and JSON too: with a misspelt name, a fault would never happen.
 * @returns the same object
 * @throws {TypeError} that says what is wrong
 */
export function checkFault(value: unknown): Fault {
  if (isFault(value)) return value
  throw new TypeError(problemOf(value))
}

function isFault(value: unknown): value is Fault {
  return problemOf(value) === undefined
}

function problemOf(fault: unknown): string | undefined {
  if (!isRecord(fault) || !isRecord(fault.do) || fault.step === undefined)
    return 'A fault is { step, do: { kind, … }, times?, after?, evaluatorId? }'
  const { kind, ...values } = fault.do
  const { step, times = 1, after = 0 } = fault
  const wrong = problemOfFields('A fault', faultFields, fault)
  if (wrong) return wrong
  if (!(Number(times) >= 1) || !(Number(after) >= 0)) return 'A fault needs times ≥ 1 and after ≥ 0'
  if (!isKind(kind)) return `Unknown fault '${String(kind)}'. Known: ${Object.keys(faultRules).join(', ')}`
  const { steps, fields } = faultRules[kind]
  if (!allSteps.some((known) => known === step))
    return `Unknown step '${String(step)}'. Known: ${allSteps.join(', ')}`
  if (!steps.some((known) => known === step))
    return `The fault '${kind}' can't happen at '${String(step)}', only at: ${steps.join(', ')}`
  return problemOfFields(`The fault '${kind}'`, fields, values)
}

/** An unknown name, a value of the wrong type, or a missing value. */
function problemOfFields(
  what: string,
  rules: Readonly<Record<string, string>>,
  values: Readonly<Record<string, unknown>>,
): string | undefined {
  const unknown = Object.keys(values).find((name) => !Object.hasOwn(rules, name))
  if (unknown !== undefined) return `${what} has no '${unknown}'`
  for (const [name, rule] of Object.entries(rules)) {
    const value = values[name]
    if (value === undefined ? rule.endsWith('?') : fits(value, rule.replace('?', ''))) continue
    return `${what} needs ${name}: ${rule.replace('?', '')}${value === undefined ? '' : `, not ${String(value)}`}`
  }
  return undefined
}

function fits(value: unknown, type: string): boolean {
  if (type === 'number') return typeof value === 'number' && !Number.isNaN(value)
  if (type === 'text') return typeof value === 'string'
  return (
    isRecord(value) && (type === 'object' || Object.values(value).every((one) => typeof one === 'string'))
  )
}

function isKind(kind: unknown): kind is FaultAction['kind'] {
  return typeof kind === 'string' && Object.hasOwn(faultRules, kind)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
