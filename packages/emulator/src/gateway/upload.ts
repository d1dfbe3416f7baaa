import type { FaultAction } from '../faults/faults.ts'
import type { Build, EvaluatorRecord } from '../state/state.ts'
import { objectPath } from '../state/world.ts'
import { type Call, findEvaluator, type Operations, planUpload, signingTime } from './operation.ts'
import { Refusal } from './refusal.ts'

export const getUploadEndpoint: Operations['Gateway_GetEvaluatorUploadEndpoint'] = async (call) => {
  const { world, flavour, validator, action } = call
  const { filenameToSize } = validator.body('Gateway_GetEvaluatorUploadEndpoint', call.body)
  const record = findEvaluator(call)
  refuseUnlessOpen(record)
  const asked = Object.entries(filenameToSize).map(([name, size]) => checkFile(name, size))
  if (asked.length === 0) throw new Refusal('INVALID_ARGUMENT', 'invalid filename_to_size: must not be empty')
  record.asked = Object.fromEntries(asked.map(({ name, size }) => [name, size]))
  await world.save()
  const ttlSeconds = world.settings.uploadUrlTtlSeconds
  return signedUrls(
    asked.map(({ name }) => name),
    action,
    (name) =>
      flavour.uploadUrl({
        path: objectPath(world.state.accountId, record, name),
        size: record.asked[name] ?? '0',
        now: signingTime(action, ttlSeconds),
        expiresSeconds: ttlSeconds,
        extraHeaders: action?.kind === 'signed-header' ? { [action.name.toLowerCase()]: action.value } : {},
      }),
  )
}

export const validateUpload: Operations['Gateway_ValidateEvaluatorUpload'] = async (call) => {
  const { world, validator, builds, action } = call
  validator.body('Gateway_ValidateEvaluatorUpload', call.body)
  const record = findEvaluator(call)
  if (action?.kind === 'not-landed') throw new Refusal('FAILED_PRECONDITION', 'uploaded files not found')
  refuseUnlessOpen(record)
  const { uploadId } = record
  const build = withFault(await planUpload(world, record, record.fields), action)
  // While the archive was read, another call may have deleted, prepared or validated the evaluator.
  if (world.state.evaluators.get(record.id) !== record) throw new Refusal('NOT_FOUND', 'resource not found')
  if (record.uploadId !== uploadId) throw new Refusal('FAILED_PRECONDITION', 'the upload was replaced')
  refuseUnlessOpen(record)
  record.build = build
  record.updateTime = new Date().toISOString()
  await world.save()
  builds.begin(record)
  return {}
}

/** The planned build, changed by the fault. */
function withFault(planned: Build, action: FaultAction | undefined): Build {
  if (action?.kind === 'build-never-ends') return { ...planned, result: 'never-ends' }
  if (action?.kind !== 'build-fails') return planned
  const { message = 'Template build failed', log = 'ERROR: build failed, as scripted\n' } = action
  return { result: 'fails', message, log }
}

export const getSourceCodeSignedUrl: Operations['Gateway_GetEvaluatorSourceCodeEndpoint'] = (call) => {
  const { world, action } = call
  const record = findEvaluator(call)
  const path = (name: string): string => objectPath(world.state.accountId, record, name)
  const names = Object.keys(record.asked).filter((name) => world.state.objects.has(path(name)))
  if (names.length === 0)
    throw new Refusal('FAILED_PRECONDITION', 'no source code was uploaded for this evaluator')
  return signedUrls(names, action, (name) => downloadUrl(call, path(name)))
}

export const getBuildLogEndpoint: Operations['Gateway_GetEvaluatorBuildLogEndpoint'] = (call) => {
  const { action } = call
  const { buildLog } = findEvaluator(call)
  if (!buildLog) throw new Refusal('FAILED_PRECONDITION', 'no build log available for this evaluator')
  return { buildLogSignedUri: action?.kind === 'empty-urls' ? '' : downloadUrl(call, buildLog) }
}

function downloadUrl({ world, flavour, action }: Call, path: string): string {
  const ttlSeconds = world.settings.downloadUrlTtlSeconds
  return flavour.downloadUrl({ path, now: signingTime(action, ttlSeconds), expiresSeconds: ttlSeconds })
}

function signedUrls(
  names: readonly string[],
  action: FaultAction | undefined,
  sign: (name: string) => string,
): { filenameToSignedUrls: Record<string, string> } {
  if (action?.kind === 'empty-urls') return { filenameToSignedUrls: {} }
  const shown = (name: string): string => (action?.kind === 'wrong-filename' ? `other-${name}` : name)
  return { filenameToSignedUrls: Object.fromEntries(names.map((name) => [shown(name), sign(name)])) }
}

/** Files are accepted only while the evaluator waits for them: BUILDING, and not validated yet. */
function refuseUnlessOpen(record: EvaluatorRecord): void {
  if (record.state !== 'BUILDING') {
    throw new Refusal('FAILED_PRECONDITION', `evaluator is in state ${record.state}, expected BUILDING`)
  }
  if (record.build) throw new Refusal('FAILED_PRECONDITION', 'the build of this evaluator has already begun')
}

function checkFile(name: string, size: string): { name: string; size: string } {
  if (BigInt(size) < 1n) {
    throw new Refusal('INVALID_ARGUMENT', `invalid filename_to_size: the size of ${name} must be positive`)
  }
  if (name === '' || name === '.' || name === '..' || /[/\\\p{Cc}]/u.test(name)) {
    throw new Refusal(
      'INVALID_ARGUMENT',
      `invalid filename_to_size: ${JSON.stringify(name)} is not a file name`,
    )
  }
  return { name, size }
}
