import { lstatSync, readFileSync, readlinkSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { EvaluatorUploadError } from '../errors.ts'
import { type IgnoreFile, isIgnored, parseIgnoreFile } from './gitignore.ts'

/** What git would consult for a folder, before the .gitignore files in the folder itself. */
export interface IgnoreContext {
  /** Path of the folder in its repository, `''` or ending in `/`. */
  readonly prefix: string
  /** Lowest precedence first. */
  readonly files: readonly IgnoreFile[]
  /** git's core.ignoreCase, which it sets where the filesystem has none. */
  readonly foldsCase: boolean
  /** Paths of submodules from the repository's root: they are tracked, whatever a rule says. */
  readonly submodules: ReadonlySet<string>
}

/** No rules. */
export const NO_CONTEXT: IgnoreContext = { prefix: '', files: [], foldsCase: false, submodules: new Set() }

/**
 * The rules that hold in `dir` (an absolute, real path) from above: `.git/info/exclude` of its repository and the
 * .gitignore files from the repository's root down to the parent of `dir`. A rule that drops `dir` itself is
 * disregarded, since the caller named that folder: a build's output mostly is ignored. `core.excludesFile` is not
 * honoured: it is personal, and two people would pack different archives from the same commit. Nor is git's index:
 * a file that is tracked although a rule drops it stays out.
 */
export function readIgnoreContext(dir: string): IgnoreContext {
  const root = findRepository(dir)
  const context = root === undefined ? undefined : readRepository(root)
  return root === undefined || context === undefined ? NO_CONTEXT : descend(root, dir, context)
}

/** The root of the repository that `dir` is in. */
export function findRepository(dir: string): string | undefined {
  for (let folder = dir; ; folder = dirname(folder)) {
    if (gitFolderOf(folder) !== undefined) return folder
    if (dirname(folder) === folder) return undefined
  }
}

/** The rules of the repository whose root `root` is; undefined where git would see none there. */
export function readRepository(root: string): IgnoreContext | undefined {
  const folder = gitFolderOf(root)
  if (folder === undefined) return undefined
  const common = commonFolderOf(folder)
  const foldsCase = readsIgnoreCase(readText(join(common, 'config')))
  const exclude = readIgnoreFile(join(common, 'info', 'exclude'), '', foldsCase)
  const modules = readText(join(root, '.gitmodules'))
  const paths = modules.matchAll(/^\s*path\s*=\s*"?(.*?)"?\s*$/gim)
  return {
    prefix: '',
    files: exclude ? [exclude] : [],
    foldsCase,
    submodules: new Set(Array.from(paths, ([, path = '']) => path)),
  }
}

function descend(root: string, dir: string, context: IgnoreContext): IgnoreContext {
  const files = [...context.files]
  const names = relative(root, dir).split(sep).filter(Boolean)
  for (let depth = 0; depth < names.length; depth++) {
    const base = names
      .slice(0, depth)
      .map((name) => `${name}/`)
      .join('')
    const path = names.slice(0, depth + 1).join('/')
    const file = readIgnoreFile(join(root, base, '.gitignore'), base, context.foldsCase)
    if (file) files.push(file)
    if (isIgnored(files, path, true)) return { ...NO_CONTEXT, foldsCase: context.foldsCase }
  }
  return { ...context, prefix: names.map((name) => `${name}/`).join(''), files }
}

/** Undefined where there is no such file. As git does it, a symbolic link is not followed. */
export function readIgnoreFile(path: string, base: string, foldsCase: boolean): IgnoreFile | undefined {
  try {
    if (!lstatSync(path, { throwIfNoEntry: false })?.isFile()) return undefined
    return parseIgnoreFile(readFileSync(path, 'utf8'), base, foldsCase)
  } catch (cause) {
    throw new EvaluatorUploadError('FW_SOURCE', `${path} cannot be read`, {
      hint: 'Make it readable, or set `gitignore: false`.',
      cause,
    })
  }
}

/**
 * The folder of the repository that begins at `root`. In a worktree or submodule `.git` is a file that names it. An
 * empty folder or file is none to git, and neither is one without HEAD, objects and refs.
 */
function gitFolderOf(root: string): string | undefined {
  const dotGit = join(root, '.git')
  const stats = statOf(dotGit)
  if (stats === undefined) return undefined
  const named = stats.isFile() ? /^gitdir: (.+)$/m.exec(readText(dotGit))?.[1]?.trim() : dotGit
  if (named === undefined) return undefined
  const folder = resolve(root, named)
  const common = commonFolderOf(folder)
  const isWhole = [join(common, 'objects'), join(common, 'refs')].every((path) => statOf(path)?.isDirectory())
  return isWhole && hasHead(folder) ? folder : undefined
}

/** The folder that all worktrees of a repository share. */
function commonFolderOf(folder: string): string {
  const common = /^(.+)$/m.exec(readText(join(folder, 'commondir')))?.[1]?.trim()
  return common === undefined ? folder : resolve(folder, common)
}

function hasHead(folder: string): boolean {
  const path = join(folder, 'HEAD')
  try {
    const head = lstatSync(path).isSymbolicLink() ? `ref: ${readlinkSync(path)}` : readFileSync(path, 'utf8')
    return /^(?:ref:\s*refs\/|[0-9a-f]{40})/.test(head)
  } catch {
    return false
  }
}

/** The last value counts; a key without one is true. Sections and keys are compared without regard to case. */
function readsIgnoreCase(config: string): boolean {
  let section = ''
  let value = 'false'
  for (const line of config.split(/\r?\n/)) {
    const [, name, rest = ''] = /^\s*\[\s*([^\]\s]+)[^\]]*\](.*)$/.exec(line) ?? [undefined, undefined, line]
    section = name?.toLowerCase() ?? section
    const key = /^\s*ignorecase\s*(?:=\s*"?([^"#;]*?)"?\s*)?(?:[#;].*)?$/i.exec(rest)
    if (section === 'core' && key) value = (key[1] ?? 'true').toLowerCase()
  }
  return /^(?:true|yes|on|[1-9]\d*)$/.test(value)
}

/** `''` where it cannot be read. */
function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

function statOf(path: string): ReturnType<typeof statSync> | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false })
  } catch {
    return undefined
  }
}
