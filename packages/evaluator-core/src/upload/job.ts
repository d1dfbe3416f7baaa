import { type Config, GATEWAY_OPTIONS, numbers, resolveConfig, type Surroundings } from '../config/config.ts'
import { parseEvaluatorName } from '../config/evaluator-id.ts'
import { refuseUnknown } from '../config/known-options.ts'
import { DEFAULTS } from '../defaults.ts'
import { EvaluatorUploadError } from '../errors.ts'
import type { EvaluatorFields, GatewayOptions, Logger, Source, UploadOptions } from '../options.ts'
import type { ProgressEvent } from '../progress.ts'
import type { BuildWait } from './build.ts'

/** An {@link UploadOptions} whose every question is answered. Frozen; the workflow reads nothing else. */
export interface Job {
  readonly evaluatorId: string
  readonly config: Config
  readonly source: Source
  /** Only what was given explicitly. */
  readonly fields: EvaluatorFields
  readonly ifMissing: 'create' | 'error'
  readonly skipUnchanged: boolean
  readonly wait: BuildWait | false
  readonly dryRun: boolean
  readonly emit: (event: ProgressEvent) => void
  readonly logger: Logger
  readonly signal: AbortSignal
  readonly dispatcher?: NonNullable<GatewayOptions['dispatcher']>
}

/** Tables and not lists, so that the compiler says when an option was forgotten here. */
const UPLOAD_TABLE: Readonly<Record<Exclude<keyof UploadOptions, keyof GatewayOptions>, true>> = {
  evaluatorId: true,
  source: true,
  evaluator: true,
  ifMissing: true,
  skipUnchanged: true,
  wait: true,
  dryRun: true,
  onProgress: true,
}

const FIELD_TABLE: Readonly<Record<keyof EvaluatorFields, true>> = {
  displayName: true,
  description: true,
  entryPoint: true,
  requirements: true,
  commitHash: true,
  source: true,
  defaultDataset: true,
}

const SILENT: Logger = { info: () => {}, warn: () => {} }

/** @throws EvaluatorUploadError FW_CONFIG, FW_ABORTED */
export async function resolveJob(options: UploadOptions, surroundings?: Surroundings): Promise<Job> {
  await refuseUnknown(options, [...Object.keys(UPLOAD_TABLE), ...GATEWAY_OPTIONS], 'uploadEvaluator')
  await refuseUnknown(options.evaluator ?? {}, Object.keys(FIELD_TABLE), 'evaluator')
  const name = parseEvaluatorName(options.evaluatorId)
  const config = agreeOnAccount(await resolveConfig(options, surroundings), name.accountId)
  const logger = options.logger ?? SILENT
  const { ifMissing = 'create' } = options
  if (ifMissing !== 'create' && ifMissing !== 'error') {
    throw new EvaluatorUploadError('FW_CONFIG', `ifMissing is "${ifMissing}"; it can be "create" or "error".`)
  }
  return Object.freeze({
    evaluatorId: name.evaluatorId,
    config,
    source: options.source,
    fields: Object.freeze(withoutUndefined(options.evaluator ?? {})),
    ifMissing,
    skipUnchanged: options.skipUnchanged ?? true,
    wait: await resolveWait(options.wait),
    dryRun: options.dryRun ?? false,
    emit: guarded(options.onProgress, logger),
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

async function resolveWait(wait: UploadOptions['wait']): Promise<BuildWait | false> {
  if (wait === undefined || wait === false) return false
  return numbers('wait', DEFAULTS.wait, wait === true ? {} : wait)
}

/** A listener that throws must not leave an upload half done; it is told of once. */
function guarded(listener: UploadOptions['onProgress'], logger: Logger): (event: ProgressEvent) => void {
  let broken = false
  return (event) => {
    if (broken) return
    try {
      listener?.(event)
    } catch (error) {
      broken = true
      logger.warn(
        `onProgress threw and is not called again: ${error instanceof Error ? error.message : error}`,
      )
    }
  }
}

function withoutUndefined(fields: EvaluatorFields): EvaluatorFields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}
