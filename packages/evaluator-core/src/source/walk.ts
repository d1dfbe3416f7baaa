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
import type { SourceEntry } from './read-entry.ts'

/** What is known of a path when it is decided on. */
export interface Candidate {
  /** Relative to the root of the walk, with `/` between names. */
  readonly path: string
  readonly absolute: string
  /** As git sees it: a link to a folder is a file. */
  readonly kind: 'file' | 'folder' | 'link'
}

/** Taken, with what must be known of it further down; or left out, by the rule of this name. */
export type Verdict<Folder> = { readonly folder: Folder } | { readonly rule: string }

/** Decides what a walk takes. `Folder` is whatever the policy needs to know of the folder that a path is in. */
export interface WalkPolicy<Folder> {
  /** Called when a folder is entered, with all names in it. */
  enter(path: string, absolute: string, names: readonly string[], parent: Folder): Verdict<Folder>
  take(candidate: Candidate, folder: Folder): Verdict<Folder>
  /** In which state of the root the path of a link's target is judged. `link` is that of the link itself. */
  startForTarget(link: Folder): Folder
  /** Hears what is left out, under the path by which it was reached. */
  leave(rule: string, path: string, isFolder: boolean): void
}

/** A path, and what the policy knows of it. */
interface Place<Folder> {
  readonly path: string
  readonly folder: Folder
}

/**
 * The files below `root` (an absolute, real path) that `policy` takes. A link to a file or folder below the root
 * counts as what it points to, if the policy takes the target too, wherever it is reached from: as long as it is
 * walked below a link, everything is judged under both paths. Any other link that is taken, and everything that is
 * no file, is an FW_SOURCE error.
 */
export async function walk<Folder>(
  root: string,
  start: Folder,
  policy: WalkPolicy<Folder>,
  pace: Pace,
): Promise<SourceEntry[]> {
  const files: SourceEntry[] = []
  const below = { root }

  /**
   * `places` are the paths that the folder is judged under, first that by which it was reached. `parents` are the real
   * paths of the folders that are being walked, the root first.
   */
  async function visit(
    outer: readonly Place<Folder>[],
    absolute: string,
    parents: readonly string[],
  ): Promise<void> {
    await pace()
    const reached = outer[0]?.path ?? ''
    const entries = readFolder(absolute, reached)
    const names = entries.map((entry) => entry.name)
    const places = judge(outer, reached, true, ({ path, folder }) =>
      policy.enter(path, absolute, names, folder),
    )
    if (places === undefined) return
    for (const entry of entries) {
      // Not path.join, whose normalising takes a third of the walk.
      const target = `${absolute}${sep}${entry.name}`
      const kind = kindOf(entry, target)
      const inside = places.map(({ path, folder }) => ({ path: join(path, entry.name), folder }))
      const path = join(reached, entry.name)
      const taken = judge(inside, path, kind === 'folder', (place) =>
        policy.take(
          { path: place.path, absolute: target, kind: kind === 'special' ? 'file' : kind },
          place.folder,
        ),
      )
      if (taken === undefined) continue
      if (entry.name.includes('\uFFFD')) throw notUtf8(path)
      if (kind === 'special') throw notAFile(path)
      // Below a link the path says nothing of where the file is.
      if (kind === 'file') files.push({ path, content: outer.length === 1 ? below : { file: target } })
      if (kind === 'folder') await visit(taken, target, [...parents, target])
      if (kind === 'link') await follow(taken, path, target, parents)
    }
  }

  /** The places with what is known of them now; undefined, and told, where one of them is left out. */
  function judge(
    places: readonly Place<Folder>[],
    reached: string,
    isFolder: boolean,
    ask: (place: Place<Folder>) => Verdict<Folder>,
  ): Place<Folder>[] | undefined {
    const judged: Place<Folder>[] = []
    for (const place of places) {
      const verdict = ask(place)
      if ('rule' in verdict) {
        policy.leave(verdict.rule, reached, isFolder)
        return undefined
      }
      judged.push({ path: place.path, folder: verdict.folder })
    }
    return judged
  }

  async function follow(
    links: readonly Place<Folder>[],
    path: string,
    link: string,
    parents: readonly string[],
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
    const place = locate(inside.split(sep).filter(Boolean), stats.isDirectory(), links[0]?.folder ?? start)
    if ('rule' in place) return policy.leave(place.rule, path, stats.isDirectory())
    if (stats.isFile()) {
      files.push({ path, content: { file: target } })
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
    await visit([...links, place], target, [...parents, target])
  }

  /** What the policy says of a target, as if the walk had come there from the root. */
  function locate(
    names: readonly string[],
    isFolder: boolean,
    link: Folder,
  ): Place<Folder> | { rule: string } {
    let folder = policy.startForTarget(link)
    let path = ''
    let absolute = root
    for (const [index, name] of names.entries()) {
      const siblings = readFolder(absolute, path).map((entry) => entry.name)
      const entered = policy.enter(path, absolute, siblings, folder)
      if ('rule' in entered) return entered
      path = join(path, name)
      absolute = `${absolute}${sep}${name}`
      const kind = isFolder || index < names.length - 1 ? 'folder' : 'file'
      const taken = policy.take({ path, absolute, kind }, entered.folder)
      if ('rule' in taken) return taken
      folder = taken.folder
    }
    return { path, folder }
  }

  await visit([{ path: '', folder: start }], root, [root])
  return files
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}/${name}`
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
