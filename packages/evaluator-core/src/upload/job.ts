import { type Config, type Environment, numbers, resolveConfig } from '../config/config.ts'
import { parseEvaluatorName } from '../config/evaluator-id.ts'
import { EvaluatorUploadError } from '../errors.ts'
import { isRecord } from '../json.ts'
import { checkOptions } from '../option-table.ts'
import {
  DEFAULTS,
  EVALUATOR_FIELDS,
  type EvaluatorFields,
  type GatewayOptions,
  type Source,
  UPLOAD_OPTIONS,
  type UploadOptions,
} from '../options.ts'
import { cleanLogger, guardListener, type Logger, type ProgressEvent } from '../progress.ts'
import { holdsKey } from '../redact.ts'
import type { BuildWait } from './wait.ts'

/** An {@link UploadOptions} whose every question is answered. Frozen; the workflow reads nothing else. */
export interface Job {
  readonly evaluatorId: string
  readonly config: Config
  readonly source: Source
  /** Only what was given explicitly, as it is sent. */
  readonly fields: EvaluatorFields
  /** `false` says that none is meant; undefined, that it is to be found. */
  readonly entryPoint: string | false | undefined
  /** Archive paths that may look like secrets. */
  readonly allowSecrets: readonly string[]
  readonly ifMissing: 'create' | 'error'
  readonly skipUnchanged: boolean
  readonly wait: BuildWait | false
  readonly dryRun: boolean
  readonly emit: (event: ProgressEvent) => void
  readonly logger: Logger
  readonly signal: AbortSignal
  readonly dispatcher?: NonNullable<GatewayOptions['dispatcher']>
}

/** @throws EvaluatorUploadError FW_CONFIG, FW_ABORTED */
export async function resolveJob(options: UploadOptions, environment?: Environment): Promise<Job> {
  checkOptions(options, UPLOAD_OPTIONS, 'uploadEvaluator')
  checkOptions(options.evaluator ?? {}, EVALUATOR_FIELDS, 'evaluator')
  const name = parseEvaluatorName(options.evaluatorId)
  const config = agreeOnAccount(await resolveConfig(options, environment), name.accountId)
  const logger = cleanLogger(options.logger)
  const { ifMissing = 'create' } = options
  if (ifMissing !== 'create' && ifMissing !== 'error') {
    throw new EvaluatorUploadError('FW_CONFIG', `ifMissing is "${ifMissing}"; it can be "create" or "error".`)
  }
  refuseKey(options.evaluator ?? {}, config.apiKey)
  return Object.freeze({
    evaluatorId: name.evaluatorId,
    config,
    source: options.source,
    fields: Object.freeze(checkRequirements(withoutUnset(options.evaluator ?? {}))),
    entryPoint: options.evaluator?.entryPoint,
    allowSecrets: options.allowSecrets ?? [],
    ifMissing,
    skipUnchanged: options.skipUnchanged ?? true,
    wait: resolveWait(options.wait),
    dryRun: options.dryRun ?? false,
    emit: guardListener(options.onProgress, logger),
    logger,
    signal: options.signal ?? new AbortController().signal,
    ...(options.dispatcher && { dispatcher: options.dispatcher }),
  })
}

/** A full resource name names the account; whatever else names one must name the same. */
function agreeOnAccount(config: Config, named: string | undefined): Config {
  if (!named) return config
  if (config.accountId && config.accountId !== named) {
    throw new EvaluatorUploadError(
      'FW_CONFIG',
      `The evaluator's name says account "${named}", and the ${config.origins.accountId} says "${config.accountId}".`,
      { hint: 'Leave one of them out, or make them agree.' },
    )
  }
  return Object.freeze({ ...config, accountId: named })
}

/**
 * Fields are shown to whoever may see the evaluator, so that the key must be in none of them.
 * @throws FW_SECRET that names the field
 */
export function refuseKey(fields: object, key: string | undefined, within = ''): void {
  for (const [name, value] of Object.entries(fields)) {
    if (isRecord(value)) refuseKey(value, key, `${within}${name}.`)
    if (key === undefined || typeof value !== 'string' || !holdsKey(value, key)) continue
    throw new EvaluatorUploadError(
      'FW_SECRET',
      `The field ${within}${name} contains the API key that this upload would use.`,
      { hint: 'Take the key out. If the text was ever shared, revoke the key.' },
    )
  }
}

function resolveWait(wait: UploadOptions['wait']): BuildWait | false {
  if (wait === undefined || wait === false) return false
  return numbers('wait', DEFAULTS.wait, wait === true ? {} : wait)
}

/** A NUL is no text, and mostly the sign of a UTF-16 file that was read as another. */
function checkRequirements(fields: EvaluatorFields): EvaluatorFields {
  const { requirements } = fields
  if (requirements?.includes('\0')) {
    throw new EvaluatorUploadError('FW_SOURCE', 'The requirements have a NUL in them, so they are no text.', {
      hint: 'Save the file that they come from as UTF-8.',
    })
  }
  return requirements === undefined
    ? fields
    : { ...fields, requirements: requirements.replace(/^\uFEFF/, '') }
}

function withoutUnset(fields: EvaluatorFields): EvaluatorFields {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined && value !== false)
  return Object.fromEntries(given)
}
