import { existsSync, realpathSync, statSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { EvaluatorUploadError } from '../errors.ts'
import type { MatchOptions, SourceDir } from '../options.ts'
import { createPace, type Pace } from '../pace.ts'
import { type IgnoreFile, isIgnored } from './gitignore.ts'
import { compileGlobs, type Globs } from './globs.ts'
import {
  alwaysLeftOut,
  createLeftOutCounter,
  type LeftOutCounter,
  OWN_ARCHIVE,
  type OwnFiles,
  PARTIAL_FILE,
  ruleForPath,
  VIRTUAL_ENVIRONMENT,
} from './left-out.ts'
import { sortByBytes } from './names.ts'
import { holdsPrivateKey } from './private-key.ts'
import type { SourceEntry } from './read-entry.ts'
import { readIgnoreContext, readIgnoreFile } from './repository.ts'
import { type Candidate, type WalkPolicy, walk } from './walk.ts'

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

/** What `source` says of its folder, secret `.pem` files not yet dropped. */
export async function collectFolder(
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

/** Documented for users in api.ts. */
export async function matchFiles(
  dir: string,
  patterns: readonly string[],
  { option = 'include', signal }: MatchOptions = {},
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

function ownFiles(root: string, { fileName, outFile }: OwnFiles): (path: string) => boolean {
  const out = outFile === undefined ? undefined : relative(root, realPathOf(outFile)).replaceAll('\\', '/')
  return (path) => path === fileName || path === out || PARTIAL_FILE.test(path)
}

/** Of a file that need not be there yet. */
function realPathOf(file: string): string {
  const folder = dirname(resolve(file))
  return join(existsSync(folder) ? realpathSync.native(folder) : folder, basename(file))
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
