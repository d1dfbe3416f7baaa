import { lstatSync, readlinkSync, realpathSync, statSync } from 'node:fs'
import { dirname, relative, resolve, sep } from 'node:path'
import { EvaluatorUploadError } from '../errors.ts'
import type { FileContent, SourceFiles } from '../options.ts'
import type { Collecting } from './folder.ts'
import { ruleForPath } from './left-out.ts'
import type { SourceEntry } from './read-entry.ts'
import { findRepository } from './repository.ts'

/**
 * The files of a map, all of them: whoever names a file means it, also where it would be clutter in a folder.
 * @throws FW_SECRET for a name that is a secret's, also that of the file which a link leads to; FW_SOURCE for a path
 * that cannot be in an archive, a file that is not there, and a link that leads out of the project
 */
export async function collectMap(
  { files }: SourceFiles,
  { allowed, pace }: Pick<Collecting, 'allowed' | 'pace'>,
): Promise<SourceEntry[]> {
  const entries: SourceEntry[] = []
  for (const [path, content] of Object.entries(files)) {
    await pace()
    checkKey(path)
    const isAllowed = allowed.file(path)
    refuseSecret(path, path, path, isAllowed)
    entries.push({ path, content: toContent(path, content, isAllowed) })
  }
  return entries
}

function toContent(path: string, content: FileContent, isAllowed: boolean): SourceEntry['content'] {
  if (typeof content === 'string') return Buffer.from(content)
  if (content instanceof Uint8Array) return content
  const file = resolve(content.path)
  const target = followLink(path, file)
  // A secret does not become harmless by another name.
  refuseSecret(`${path}, the file ${file},`, fromHere(file), path, isAllowed)
  refuseSecret(`${path}, a link to ${target},`, fromHere(target), path, isAllowed)
  return openable(path, target)
}

function refuseSecret(subject: string, name: string, path: string, isAllowed: boolean): void {
  const found = ruleForPath(name, ({ kind }) => kind === 'repository' || (kind === 'secret' && !isAllowed))
  if (found === undefined) return
  const pardon = found.kind === 'secret' ? ` If it is none, name ${path} in \`allowSecrets\`.` : ''
  throw new EvaluatorUploadError('FW_SECRET', `${subject} looks like a secret by its name (${found.rule})`, {
    hint: `Leave it out; of a build's output, \`exclude\` does it.${pardon}`,
  })
}

/** The folders that the working directory is in say nothing of a file; those elsewhere do, as `~/.aws` does. */
function fromHere(file: string): string {
  const path = relative(process.cwd(), file)
  return (path.startsWith('..') ? file : path).replaceAll(sep, '/')
}

/** What the link leads to; the file itself where it is none. */
function followLink(path: string, file: string): string {
  if (!lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink()) return file
  const target = resolveLink(path, file)
  const folder = realpathSync.native(dirname(file))
  const homes = [folder, realpathSync.native(process.cwd()), findRepository(folder) ?? folder]
  if (homes.some((home) => target.startsWith(home.endsWith(sep) ? home : home + sep))) return target
  throw new EvaluatorUploadError(
    'FW_SOURCE',
    `${path} is a symbolic link to ${target}, which is outside the project`,
    {
      hint: 'Copy the target to where the link is, or leave the link out with `exclude`.',
    },
  )
}

function resolveLink(path: string, file: string): string {
  try {
    return realpathSync.native(file)
  } catch (cause) {
    throw new EvaluatorUploadError(
      'FW_SOURCE',
      `${path} is a symbolic link to ${readlinkSync(file)}, which does not exist`,
      {
        hint: 'Remove the link, or leave it out with `exclude`.',
        cause,
      },
    )
  }
}

function openable(path: string, file: string): { file: string } {
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
