import { readFileSync, realpathSync, statSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import type { LeftOut } from './archive.ts'
import { EvaluatorUploadError } from './errors.ts'
import { type IgnoreFile, isIgnored } from './gitignore.ts'
import { compileGlobs, type Globs } from './globs.ts'
import {
  alwaysLeftOut,
  createLeftOutCounter,
  isPrivateKey,
  type LeftOutCounter,
  OWN_ARCHIVE,
  PRIVATE_KEY,
  VIRTUAL_ENVIRONMENT,
} from './left-out.ts'
import type { FileContent, Source, SourceDir, SourceFiles } from './options.ts'
import { createPace, type Pace } from './pace.ts'
import { unreadable } from './read-entry.ts'
import { readIgnoreContext, readIgnoreFile } from './repository.ts'
import { PARTIAL_FILE } from './temp-file.ts'
import { type Candidate, type WalkPolicy, walk } from './walk.ts'

/** A file of the archive to be. */
export interface SourceEntry {
  /** Below the top folder, with `/` between names. */
  readonly path: string
  readonly content: Uint8Array | { readonly file: string }
}

export interface Listed {
  /** In the order of the archive: by the bytes of their path. */
  readonly entries: readonly SourceEntry[]
  readonly leftOut: readonly LeftOut[]
  /** The folder that was given, absolute; the working directory for a map of files. */
  readonly dir: string
}

/** What the package itself writes, which must not be packed with the next run. */
export interface OwnFiles {
  /** `<evaluatorId>.tar.gz`: left out at the root of the source. */
  fileName: string
  outFile?: string | undefined
}

/** Expected at the root by the service; may be empty. */
const REQUIREMENTS = 'requirements.txt'

/**
 * Which files go into the archive. Of a folder: all but what git ignores, what `exclude` names, and what never goes
 * in (see left-out.ts); `include` brings back the ignored. Of a map: all but what never goes in.
 * @throws FW_SOURCE where the source is missing, empty or no folder, or holds what cannot be packed
 */
export async function listEntries(source: Source, own: OwnFiles, signal?: AbortSignal): Promise<Listed> {
  const leftOut = createLeftOutCounter()
  const pace = createPace(signal)
  const all =
    typeof source === 'object' && 'files' in source
      ? await collectMap(source, leftOut, own, pace)
      : await collectFolder(typeof source === 'string' ? { dir: source } : source, leftOut, own, pace)
  const found = all.filter((entry) => {
    const isSecret = holdsPrivateKey(entry)
    if (isSecret) leftOut.add(PRIVATE_KEY, entry.path)
    return !isSecret
  })
  if (found.length === 0) throw emptySource(source, leftOut.list())
  const hasRequirements = found.some(({ path }) => path === REQUIREMENTS)
  const entries = hasRequirements ? found : [...found, { path: REQUIREMENTS, content: new Uint8Array() }]
  const dir = typeof source === 'string' ? source : 'dir' in source ? source.dir : '.'
  return {
    entries: sortByBytes(entries),
    leftOut: leftOut.list(),
    dir: resolve(dir),
  }
}

/**
 * The files below `dir` that the globs in `patterns` mean, sorted; .gitignore has no say, and what never goes up is
 * not among them. Only folders that a pattern can reach are read.
 * @throws FW_CONFIG where a pattern is absolute or leaves `dir`; `option` is its name in the message
 */
export async function matchFiles(
  dir: string,
  patterns: readonly string[],
  { option = 'include', signal }: { option?: string; signal?: AbortSignal | undefined } = {},
): Promise<string[]> {
  const root = openFolder(dir)
  const rules: FolderRules = {
    include: await compileGlobs(patterns, option),
    exclude: await compileGlobs([], 'exclude'),
    prefix: '',
    usesGitignore: false,
    isOwn: (path) => PARTIAL_FILE.test(path),
  }
  const start: FolderState = { isIgnored: true, ignoreFiles: [] }
  const files = await walk(root, start, folderPolicy(rules, createLeftOutCounter()), createPace(signal))
  const entries = files.map(({ path, file }) => ({ path, content: { file } }))
  return sortByBytes(entries.filter((entry) => !holdsPrivateKey(entry))).map(({ path }) => path)
}

interface FolderRules {
  include: Globs
  exclude: Globs
  /** Path of the source in its repository, `''` or ending in `/`. */
  prefix: string
  usesGitignore: boolean
  isOwn(path: string): boolean
}

interface FolderState {
  /** Only what `include` means is taken. */
  isIgnored: boolean
  ignoreFiles: readonly IgnoreFile[]
}

async function collectFolder(
  source: SourceDir,
  leftOut: LeftOutCounter,
  own: OwnFiles,
  pace: Pace,
): Promise<SourceEntry[]> {
  const root = openFolder(source.dir)
  const usesGitignore = source.gitignore ?? true
  const context = usesGitignore ? readIgnoreContext(root) : { prefix: '', files: [] }
  const rules: FolderRules = {
    include: await compileGlobs(source.include ?? [], 'include'),
    exclude: await compileGlobs(source.exclude ?? [], 'exclude'),
    prefix: context.prefix,
    usesGitignore,
    isOwn: ownFiles(root, own),
  }
  const start: FolderState = { isIgnored: false, ignoreFiles: context.files }
  const files = await walk(root, start, folderPolicy(rules, leftOut), pace)
  return files.map(({ path, file }) => ({ path, content: { file } }))
}

function folderPolicy(rules: FolderRules, leftOut: LeftOutCounter): WalkPolicy<FolderState> {
  const { include, exclude, prefix } = rules

  function leave(rule: string, path: string, isFolder: boolean): undefined {
    leftOut.add(rule, isFolder ? `${path}/` : path)
  }

  function always({ path, kind }: Candidate): string | undefined {
    const name = path.slice(path.lastIndexOf('/') + 1)
    if (rules.isOwn(path)) return OWN_ARCHIVE
    // A link may point to either.
    return (
      (kind !== 'file' && alwaysLeftOut(name, true)) ||
      (kind !== 'folder' && alwaysLeftOut(name, false)) ||
      undefined
    )
  }

  return {
    enter(path, absolute, names, parent) {
      if (path !== '' && names.includes('pyvenv.cfg')) return leave(VIRTUAL_ENVIRONMENT, path, true)
      if (!rules.usesGitignore || parent.isIgnored || !names.includes('.gitignore')) return parent
      const base = path === '' ? prefix : `${prefix}${path}/`
      const file = readIgnoreFile(join(absolute, '.gitignore'), base)
      return file ? { ...parent, ignoreFiles: [...parent.ignoreFiles, file] } : parent
    },
    take(candidate, folder) {
      const { path, kind } = candidate
      const isFolder = kind === 'folder'
      const rule = always(candidate)
      if (rule !== undefined) return leave(rule, path, isFolder)
      if (isFolder ? exclude.folder(path) : exclude.file(path)) return leave('exclude', path, isFolder)
      if (isFolder ? include.folder(path) : include.file(path)) return folder
      const isDropped = folder.isIgnored || isIgnored(folder.ignoreFiles, prefix + path, isFolder)
      if (!isDropped) return folder
      if (isFolder && include.mayHold(path)) return { ...folder, isIgnored: true }
      return leave('.gitignore', path, isFolder)
    },
    takeTarget(path, linkPath, isFolder) {
      const rule = ruleForPath(path, isFolder)
      if (rule !== undefined) leave(rule, linkPath, isFolder)
      return rule === undefined
    },
  }
}

/** The rule that keeps out a path because of its own name or that of a folder it is in. */
function ruleForPath(path: string, isFolder = false): string | undefined {
  const names = path.split('/')
  for (const [index, name] of names.entries()) {
    const rule = alwaysLeftOut(name, index < names.length - 1 || isFolder)
    if (rule !== undefined) return rule
  }
  return undefined
}

async function collectMap(
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
    const rule = isInEnvironment
      ? VIRTUAL_ENVIRONMENT
      : path === own.fileName || PARTIAL_FILE.test(path)
        ? OWN_ARCHIVE
        : ruleForPath(path)
    if (rule !== undefined) {
      leftOut.add(rule, path)
      continue
    }
    entries.push({ path, content: toContent(path, content) })
  }
  return entries
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

function ownFiles(root: string, { fileName, outFile }: OwnFiles): (path: string) => boolean {
  const out = outFile === undefined ? undefined : relative(root, resolve(outFile)).replaceAll('\\', '/')
  return (path) => path === fileName || path === out || PARTIAL_FILE.test(path)
}

function openFolder(dir: string): string {
  const path = resolve(dir)
  const stats = statSync(path, { throwIfNoEntry: false })
  if (stats?.isDirectory()) return realpathSync.native(path)
  throw new EvaluatorUploadError(
    'FW_SOURCE',
    `The source ${path} ${stats ? 'is not a folder' : 'does not exist'}`,
    {
      hint: stats
        ? 'Name the folder that the file is in.'
        : 'Check the path; it is relative to the working directory.',
    },
  )
}

function emptySource(source: Source, leftOut: readonly LeftOut[]): EvaluatorUploadError {
  const name = typeof source === 'string' ? source : 'dir' in source ? source.dir : 'The map of files'
  const rules = leftOut.map(({ rule, count }) => `${count} by ${rule}`).join(', ')
  return new EvaluatorUploadError(
    'FW_SOURCE',
    `${name} has no files to pack${rules && ` (left out: ${rules})`}`,
    {
      hint: rules.includes('.gitignore')
        ? 'Name what shall go in although git ignores it in `include`, or set `gitignore: false`.'
        : 'Check the path, and that the build has written its files.',
    },
  )
}

/** Whether it is a `.pem` file with a private key in it. */
function holdsPrivateKey({ path, content }: SourceEntry): boolean {
  if (!/\.pem$/i.test(path)) return false
  if (content instanceof Uint8Array) return isPrivateKey(Buffer.from(content).toString('latin1'))
  try {
    return isPrivateKey(readFileSync(content.file, 'latin1'))
  } catch (cause) {
    throw unreadable(path, cause)
  }
}

/** UTF-16 order, JavaScript's own, is not the order of the UTF-8 bytes; that of one character a byte is. */
function sortByBytes<T extends { path: string }>(entries: readonly T[]): T[] {
  const key = (path: string): string => (/^[ -~]*$/.test(path) ? path : Buffer.from(path).toString('latin1'))
  const keyed = entries.map((entry) => ({ entry, key: key(entry.path) }))
  return keyed.sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ entry }) => entry)
}
