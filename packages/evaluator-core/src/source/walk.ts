import {
  type Dirent,
  lstatSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  type Stats,
  statSync,
} from 'node:fs'
import { relative, sep } from 'node:path'
import { EvaluatorUploadError } from '../errors.ts'
import type { Pace } from '../pace.ts'

/** What is known of a path when it is decided on. */
export interface Candidate {
  /** Relative to the root of the walk, with `/` between names. */
  path: string
  /** As git sees it: a link to a folder is a file. */
  kind: 'file' | 'folder' | 'link'
}

/** Decides what a walk takes. `Folder` is whatever the policy needs to know of the folder that a path is in. */
export interface WalkPolicy<Folder> {
  /** Called when a folder is entered, with all names in it; undefined leaves the whole folder out. */
  enter(path: string, absolute: string, names: readonly string[], parent: Folder): Folder | undefined
  /** Whether the path is taken; for a folder, in what state it is entered. */
  take(candidate: Candidate, folder: Folder): Folder | undefined
  /** The path of a taken link's target, which may be out of bounds although the link is not. */
  takeTarget(path: string, linkPath: string, isFolder: boolean): boolean
}

export interface WalkedFile {
  path: string
  /** Absolute. */
  file: string
}

/**
 * The files below `root` (an absolute, real path) that `policy` takes. A link to a file or folder below the root
 * counts as what it points to; any other link that is taken, and everything that is no file, is an FW_SOURCE error.
 */
export async function walk<Folder>(
  root: string,
  start: Folder,
  policy: WalkPolicy<Folder>,
  pace: Pace,
): Promise<WalkedFile[]> {
  const files: WalkedFile[] = []

  /** `parents` are the real paths of the folders that are being walked, the root first. */
  async function visit(
    path: string,
    absolute: string,
    parents: readonly string[],
    outer: Folder,
  ): Promise<void> {
    await pace()
    const entries = readFolder(absolute, path)
    const folder = policy.enter(
      path,
      absolute,
      entries.map((entry) => entry.name),
      outer,
    )
    if (folder === undefined) return
    for (const entry of entries) {
      const below = path === '' ? entry.name : `${path}/${entry.name}`
      // Not path.join, whose normalising takes a third of the walk.
      const target = `${absolute}${sep}${entry.name}`
      const kind = kindOf(entry, target)
      const next = policy.take({ path: below, kind: kind === 'special' ? 'file' : kind }, folder)
      if (next === undefined) continue
      if (entry.name.includes('\uFFFD')) throw notUtf8(below)
      if (kind === 'special') throw notAFile(below)
      if (kind === 'file') files.push({ path: below, file: target })
      if (kind === 'folder') await visit(below, target, [...parents, target], next)
      if (kind === 'link') await follow(below, target, parents, next)
    }
  }

  async function follow(
    path: string,
    link: string,
    parents: readonly string[],
    folder: Folder,
  ): Promise<void> {
    const { target, stats } = resolveLink(path, link)
    const inside = relative(root, target)
    if (inside === '..' || inside.startsWith(`..${sep}`) || inside === target) {
      throw badLink(
        path,
        `${target}, which is outside the source`,
        'Copy the target into the source, or leave the link out with `exclude`.',
      )
    }
    if (!policy.takeTarget(inside.split(sep).join('/'), path, stats.isDirectory())) return
    if (stats.isFile()) {
      files.push({ path, file: target })
      return
    }
    if (!stats.isDirectory()) throw notAFile(path)
    if (parents.some((parent) => parent === target || parent.startsWith(target + sep))) {
      throw badLink(
        path,
        `${target}, a folder that it is in itself: a loop`,
        'Remove the link, or leave it out with `exclude`.',
      )
    }
    await visit(path, target, [...parents, target], folder)
  }

  await visit('', root, [root], start)
  return files
}

function readFolder(absolute: string, path: string): Dirent[] {
  try {
    const entries = readdirSync(absolute, { withFileTypes: true })
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1))
  } catch (cause) {
    throw new EvaluatorUploadError('FW_SOURCE', `The folder ${path || absolute} cannot be read`, {
      hint: 'Make it readable, or leave it out with `exclude`.',
      cause,
    })
  }
}

type Kind = Candidate['kind'] | 'special' | 'unknown'

function kindOf(entry: Dirent, absolute: string): Exclude<Kind, 'unknown'> {
  const kind = kindByType(entry)
  if (kind !== 'unknown') return kind
  // Some filesystems don't tell the type along with the name. What is gone by now is missed when it is opened.
  const stats = lstatSync(absolute, { throwIfNoEntry: false })
  const known = stats ? kindByType(stats) : 'file'
  return known === 'unknown' ? 'special' : known
}

function kindByType(entry: Dirent | Stats): Kind {
  if (entry.isFile()) return 'file'
  if (entry.isDirectory()) return 'folder'
  if (entry.isSymbolicLink()) return 'link'
  return entry.isFIFO() || entry.isSocket() || entry.isBlockDevice() || entry.isCharacterDevice()
    ? 'special'
    : 'unknown'
}

function resolveLink(path: string, link: string): { target: string; stats: Stats } {
  try {
    const target = realpathSync.native(link)
    return { target, stats: statSync(target) }
  } catch (cause) {
    const isLoop = cause instanceof Error && 'code' in cause && cause.code === 'ELOOP'
    throw badLink(
      path,
      isLoop ? 'itself: a loop' : `${readTarget(link)}, which does not exist`,
      'Remove the link, or leave it out with `exclude`.',
      cause,
    )
  }
}

function readTarget(link: string): string {
  try {
    return readlinkSync(link)
  } catch {
    return 'a target'
  }
}

function badLink(path: string, target: string, hint: string, cause?: unknown): EvaluatorUploadError {
  return new EvaluatorUploadError('FW_SOURCE', `${path} is a symbolic link to ${target}`, { hint, cause })
}

function notAFile(path: string): EvaluatorUploadError {
  return new EvaluatorUploadError(
    'FW_SOURCE',
    `${path} is neither a file nor a folder (a socket, pipe or device)`,
    {
      hint: 'Remove it, or leave it out with `exclude`.',
    },
  )
}

/** Node puts U+FFFD where bytes are no UTF-8, and the file can't be opened by what is left of its name. */
function notUtf8(path: string): EvaluatorUploadError {
  return new EvaluatorUploadError('FW_SOURCE', `The name of ${path} is not valid UTF-8`, {
    hint: 'Rename it, or leave it out with `exclude`.',
  })
}
