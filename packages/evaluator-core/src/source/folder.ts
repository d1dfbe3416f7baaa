import { existsSync, realpathSync, statSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { EvaluatorUploadError } from '../errors.ts'
import type { MatchOptions, SourceDir } from '../options.ts'
import { createPace, type Pace } from '../pace.ts'
import type { Logger } from '../progress.ts'
import { type IgnoreFile, isIgnored } from './gitignore.ts'
import { compileGlobs, type Globs } from './globs.ts'
import { type LeftOutCounter, OWN_ARCHIVE, type OwnFiles, PARTIAL_FILE, ruleForName } from './left-out.ts'
import { PRIVATE_KEY, VIRTUAL_ENVIRONMENT } from './name-rules.ts'
import { sortByBytes } from './names.ts'
import { isEvaluatorArchive } from './old-archive.ts'
import { holdsPrivateKey, type SourceEntry } from './read-entry.ts'
import {
  type IgnoreContext,
  NO_CONTEXT,
  readIgnoreContext,
  readIgnoreFile,
  readRepository,
} from './repository.ts'
import { type Candidate, type Verdict, type WalkPolicy, walk } from './walk.ts'

/** What a walk is told from outside. */
export interface Collecting {
  readonly leftOut: LeftOutCounter
  readonly own: OwnFiles
  /** Archive paths that may look like secrets. */
  readonly allowed: Globs
  readonly pace: Pace
  readonly logger?: Logger | undefined
}

interface FolderRules {
  readonly include: Globs
  readonly exclude: Globs
  readonly allowed: Globs
  readonly usesGitignore: boolean
  readonly start: FolderState
  isOwn(path: string): boolean
  leave(rule: string, path: string, isFolder: boolean): void
}

interface FolderState {
  /** Only what `include` means is taken. */
  readonly isIgnored: boolean
  /** `include` means it, or a folder that it is in. */
  readonly isNamed: boolean
  /** The rule for secrets that keeps out whatever `allowSecrets` does not name. */
  readonly secret?: string
  readonly ignoreFiles: readonly IgnoreFile[]
  /** The repository that it is in; `ignoreFiles` are asked for paths that begin at its root. */
  readonly repository: IgnoreContext
  /** How much of the path stands before the root of that repository. */
  readonly outside: number
}

/** What `source` says of its folder. */
export async function collectFolder(
  source: SourceDir,
  { leftOut, own, allowed, pace, logger }: Collecting,
): Promise<SourceEntry[]> {
  const root = openFolder(source.dir)
  const usesGitignore = source.gitignore ?? true
  const exists = (path: string): boolean => existsSync(join(root, path))
  const globs = {
    include: await compileGlobs(source.include ?? [], 'include', exists),
    exclude: await compileGlobs(source.exclude ?? [], 'exclude', exists),
  }
  const files = await walk(
    root,
    ...folderPolicy({
      ...globs,
      allowed,
      usesGitignore,
      start: startState(usesGitignore ? readIgnoreContext(root) : NO_CONTEXT),
      isOwn: ownFiles(root, own),
      leave(rule, path, isFolder) {
        leftOut.add(rule, isFolder ? `${path}/` : path)
        if (rule === OLD_ARCHIVE) logger?.warn(`${path} stays out: it is the archive of an earlier upload.`)
      },
    }),
    pace,
  )
  for (const [option, { unmatched }] of Object.entries(globs)) {
    for (const pattern of unmatched())
      logger?.warn(`\`${option}\` names ${pattern}, which matches nothing in ${root}.`)
  }
  return files
}

const OLD_ARCHIVE = 'archive of an earlier upload'
const EXCLUDE = { rule: 'exclude' }
const GITIGNORE = { rule: '.gitignore' }

function startState(repository: IgnoreContext): FolderState {
  return { isIgnored: false, isNamed: false, ignoreFiles: repository.files, repository, outside: 0 }
}

function folderPolicy(rules: FolderRules): [FolderState, WalkPolicy<FolderState>] {
  const { include, exclude, allowed } = rules

  /** The rule for a name that stays out wherever it stands. A link may point to either. */
  function byName({ path, kind }: Candidate, folder: FolderState): { rule: string } | { secret?: string } {
    if (rules.isOwn(path)) return { rule: OWN_ARCHIVE }
    const rule =
      (kind !== 'file' && ruleForName(path, true)) ||
      (kind !== 'folder' && ruleForName(path, false)) ||
      undefined
    const secret = rule?.kind === 'secret' ? rule.rule : folder.secret
    if (rule !== undefined && rule.kind !== 'secret') return rule
    if (secret === undefined || (kind !== 'folder' && allowed.file(path))) return {}
    if (kind === 'folder' && (allowed.mayHold(path) || allowed.folder(path))) return { secret }
    return { rule: secret }
  }

  const policy: WalkPolicy<FolderState> = {
    enter(path, absolute, names, parent) {
      if (path !== '' && names.includes('pyvenv.cfg')) return { rule: VIRTUAL_ENVIRONMENT }
      if (!rules.usesGitignore || parent.isIgnored || parent.isNamed) return { folder: parent }
      const folder = path !== '' && names.includes('.git') ? enterRepository(path, absolute, parent) : parent
      if (!names.includes('.gitignore')) return { folder }
      const { repository, ignoreFiles } = folder
      const base = path === '' ? repository.prefix : `${inRepository(path, folder)}/`.replace(/^\/$/, '')
      const file = readIgnoreFile(join(absolute, '.gitignore'), base, repository.foldsCase)
      return { folder: file ? { ...folder, ignoreFiles: [...ignoreFiles, file] } : folder }
    },

    take(candidate, folder): Verdict<FolderState> {
      const { path, absolute, kind } = candidate
      const isFolder = kind === 'folder'
      // Asked first, so that a pattern is not said to match nothing where a rule of ours is quicker.
      const isExcluded = isFolder ? exclude.folder(path) : exclude.file(path)
      const isNamed = isFolder ? include.folder(path) : include.file(path)
      const named = byName(candidate, folder)
      if ('rule' in named) return named
      if (isExcluded) return EXCLUDE
      const state = named.secret === undefined ? folder : { ...folder, secret: named.secret }
      if (isNamed) return { folder: state.isNamed ? state : { ...state, isNamed } }
      const inside = inRepository(path, folder)
      if (isFolder && folder.repository.submodules.has(inside))
        return { folder: { ...state, isIgnored: false } }
      if (folder.isIgnored || isIgnored(folder.ignoreFiles, inside, isFolder)) {
        const mayHold = isFolder && (include.mayHold(path) || holdsSubmodule(folder.repository, inside))
        return mayHold ? { folder: { ...state, isIgnored: true } } : GITIGNORE
      }
      if (kind === 'file' && isEvaluatorArchive(absolute)) return { rule: OLD_ARCHIVE }
      return { folder: state }
    },

    startForTarget: ({ isNamed }) => (isNamed ? { ...startState(NO_CONTEXT), isNamed } : rules.start),

    leave(rule, path, isFolder) {
      if (isFolder) {
        include.skip(path)
        exclude.skip(path)
      }
      rules.leave(rule, path, isFolder)
    },
  }
  return [rules.start, policy]
}

function inRepository(path: string, { repository, outside }: FolderState): string {
  return repository.prefix + path.slice(outside)
}

/** A repository within is a submodule, or will be none of the outer one's business: its rules are its own. */
function enterRepository(path: string, absolute: string, parent: FolderState): FolderState {
  const repository = readRepository(absolute)
  if (repository === undefined) return parent
  return { ...parent, repository, ignoreFiles: repository.files, outside: path.length + 1 }
}

function holdsSubmodule({ submodules }: IgnoreContext, path: string): boolean {
  for (const submodule of submodules) if (submodule.startsWith(`${path}/`)) return true
  return false
}

/** Documented for users in api.ts. */
export async function matchFiles(
  dir: string,
  patterns: readonly string[],
  { option = 'include', signal }: MatchOptions = {},
): Promise<string[]> {
  const root = openFolder(dir)
  const files = await walk(
    root,
    ...folderPolicy({
      include: await compileGlobs(patterns, option, (path) => existsSync(join(root, path))),
      exclude: await compileGlobs([], 'exclude'),
      allowed: await compileGlobs([], 'allowSecrets'),
      usesGitignore: false,
      start: { ...startState(NO_CONTEXT), isIgnored: true },
      isOwn: (path) => PARTIAL_FILE.test(path),
      leave() {},
    }),
    createPace(signal),
  )
  return sortByBytes(files.filter((entry) => !holdsPrivateKey(entry))).map(({ path }) => path)
}

/** Drops `.pem` files with a private key in them; certificates bear the same name. */
export function withoutPrivateKeys(
  entries: readonly SourceEntry[],
  { leftOut, allowed }: Pick<Collecting, 'leftOut' | 'allowed'>,
): SourceEntry[] {
  return entries.filter((entry) => {
    const isLeftOut = holdsPrivateKey(entry) && !allowed.file(entry.path)
    if (isLeftOut) leftOut.add(PRIVATE_KEY, entry.path)
    return !isLeftOut
  })
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
