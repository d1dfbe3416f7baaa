import { existsSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import {
  type Archive,
  EvaluatorUploadError,
  type LeftOut,
  type PackOptions,
  packEvaluator,
} from '@fw/evaluator-core'
import { defaultId } from '../options/evaluator-name.ts'
import { folderRules, type UploadFlags } from '../options/upload-options.ts'
import { systemReason } from '../terminal/system-error.ts'
import { readArchive } from './read-archive.ts'

/** The content of an archive, or of a folder as an archive, for a table or a page. */
export interface Inspection {
  readonly kind: 'folder' | 'archive'
  /** As given. */
  readonly path: string
  /** The top folder of the archive. */
  readonly top?: string
  readonly files: readonly { readonly path: string; readonly size: number }[]
  /** Files that an upload adds: they are not in the folder. */
  readonly added: readonly string[]
  /** Bytes of all files. */
  readonly rawSize: number
  /** Bytes of the archive. */
  readonly packedSize: number
  readonly sha256: string
  readonly md5: string
  /** Files that were left out, by rule; unknown for an archive. */
  readonly leftOut: readonly LeftOut[]
  readonly entryPoint?: string
  /** Problems that the service would probably report. */
  readonly problems: readonly string[]
}

/** The service needs one. If there is none, an upload adds an empty one. */
const REQUIREMENTS = 'requirements.txt'

export type InspectFlags = Pick<UploadFlags, 'id' | 'include' | 'exclude' | 'gitignore' | 'allowSecret'>

/** Reads the archive's bytes. If a folder was packed for this, they are removed afterwards. */
export type Visit = (body: Archive['body'], top: string | undefined) => Promise<void>

/** Progress and abort. */
type Watch = Pick<PackOptions, 'signal' | 'logger'>

/** @throws EvaluatorUploadError as packEvaluator does; FW_SOURCE for a file that is not an archive */
export async function inspectPath(
  watch: Watch,
  path: string,
  flags: InspectFlags,
  visit?: Visit,
): Promise<Inspection> {
  const stats = await stat(path).catch((cause: unknown) => {
    const reason = systemReason(cause)
    const isMissing = reason?.includes('ENOENT') ?? true
    throw new EvaluatorUploadError(
      'FW_SOURCE',
      isMissing ? `${path} does not exist.` : `${path} cannot be read: ${reason}.`,
      { hint: 'Name a folder, or an archive as fw-evaluator pack writes it.', cause },
    )
  })
  return stats.isDirectory() ? inspectFolder(watch, path, flags, visit) : inspectArchive(watch, path, visit)
}

async function inspectFolder(
  { signal, logger }: Watch,
  path: string,
  flags: InspectFlags,
  visit?: Visit,
): Promise<Inspection> {
  const archive = await packEvaluator({
    evaluatorId: flags.id ?? defaultId(path),
    source: { dir: path, ...folderRules(flags) },
    allowSecrets: flags.allowSecret,
    signal,
    logger,
  })
  const top = archive.fileName.replace(/\.tar\.gz$/, '')
  try {
    await visit?.(archive.body, top)
  } finally {
    await archive.dispose()
  }
  const { size, sha256, md5, entries, leftOut, entryPoint } = archive
  return {
    kind: 'folder',
    path,
    top,
    files: entries,
    added: existsSync(join(path, REQUIREMENTS)) ? [] : [REQUIREMENTS],
    rawSize: entries.reduce((sum, { size }) => sum + size, 0),
    packedSize: size,
    sha256,
    md5,
    leftOut,
    ...(entryPoint !== undefined && { entryPoint }),
    problems: [],
  }
}

async function inspectArchive({ signal }: Watch, path: string, visit?: Visit): Promise<Inspection> {
  const { top, entries, faults, size, packedSize, sha256, md5 } = await readArchive(path, { signal })
  await visit?.({ path }, top)
  const problems = faults.map(({ path, why }) => `${path}: ${why}.`)
  if (top === undefined) problems.push('The files are not in one folder, as the service expects.')
  if (!entries.some(({ path }) => path === REQUIREMENTS)) problems.push('There is no requirements.txt.')
  return {
    kind: 'archive',
    path,
    ...(top !== undefined && { top }),
    files: entries.map(({ path, size }) => ({ path, size })),
    added: [],
    rawSize: size,
    packedSize,
    sha256,
    md5,
    leftOut: [],
    problems,
  }
}
