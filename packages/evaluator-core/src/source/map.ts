import { statSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { EvaluatorUploadError } from '../errors.ts'
import type { FileContent, SourceFiles } from '../options.ts'
import type { Pace } from '../pace.ts'
import {
  alwaysLeftOut,
  type LeftOutCounter,
  OWN_ARCHIVE,
  type OwnFiles,
  PARTIAL_FILE,
  ruleForPath,
  VIRTUAL_ENVIRONMENT,
} from './left-out.ts'
import type { SourceEntry } from './read-entry.ts'

/** The files of a map, those left out that never go in. */
export async function collectMap(
  { files }: SourceFiles,
  leftOut: LeftOutCounter,
  own: OwnFiles,
  pace: Pace,
): Promise<SourceEntry[]> {
  const paths = Object.keys(files)
  const environments = paths
    .filter((path) => path.endsWith('/pyvenv.cfg'))
    .map((path) => path.slice(0, -'pyvenv.cfg'.length))
  const entries: SourceEntry[] = []
  for (const [path, content] of Object.entries(files)) {
    await pace()
    checkKey(path)
    const isInEnvironment = environments.some((folder) => path.startsWith(folder))
    const isOwn = path === own.fileName || PARTIAL_FILE.test(path)
    const rule = isOwn ? OWN_ARCHIVE : isInEnvironment ? VIRTUAL_ENVIRONMENT : ruleFor(path, content)
    if (rule !== undefined) {
      leftOut.add(rule, path)
      continue
    }
    entries.push({ path, content: toContent(path, content) })
  }
  return entries
}

/** A secret file does not become harmless by another name. */
function ruleFor(path: string, content: FileContent): string | undefined {
  const isFile = typeof content === 'object' && 'path' in content
  return ruleForPath(path) ?? (isFile ? alwaysLeftOut(basename(content.path), false) : undefined)
}

function toContent(path: string, content: FileContent): SourceEntry['content'] {
  if (typeof content === 'string') return Buffer.from(content)
  if (content instanceof Uint8Array) return content
  const file = resolve(content.path)
  const stats = statSync(file, { throwIfNoEntry: false })
  if (stats?.isFile()) return { file }
  const what =
    stats === undefined ? 'does not exist' : stats.isDirectory() ? 'is a folder' : 'is no regular file'
  throw new EvaluatorUploadError('FW_SOURCE', `${file}, the content of ${path}, ${what}`, {
    hint: 'Give the path of a file, absolute or relative to the working directory.',
  })
}

function checkKey(path: string): void {
  const isPlain =
    path !== '' &&
    !/^\/|^[A-Za-z]:|\\/.test(path) &&
    path.split('/').every((name) => !['', '.', '..'].includes(name))
  if (isPlain) return
  throw new EvaluatorUploadError('FW_SOURCE', `${JSON.stringify(path)} is no path in an archive`, {
    hint: 'The keys of `files` are relative, with `/` between names, and hold neither `.` nor `..`.',
  })
}
