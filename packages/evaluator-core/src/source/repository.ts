import { lstatSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { EvaluatorUploadError } from '../errors.ts'
import { type IgnoreFile, isIgnored, parseIgnoreFile } from './gitignore.ts'

/** What git would consult for a folder, before the .gitignore files in the folder itself. */
export interface IgnoreContext {
  /** Path of the folder in its repository, `''` or ending in `/`. */
  prefix: string
  /** Lowest precedence first. */
  files: readonly IgnoreFile[]
}

/**
 * The rules that hold in `dir` (an absolute, real path) from above: `.git/info/exclude` of its repository and the
 * .gitignore files from the repository's root down to the parent of `dir`. A rule that drops `dir` itself is
 * disregarded, since the caller named that folder: a build's output mostly is ignored. `core.excludesFile` is not
 * honoured: it is personal, and two people would pack different archives from the same commit. Nor is git's index:
 * a file that is tracked although a rule drops it stays out.
 */
export function readIgnoreContext(dir: string): IgnoreContext {
  const root = findRepository(dir)
  if (root === undefined) return { prefix: '', files: [] }
  const files: IgnoreFile[] = []
  const add = (path: string, base: string): void => {
    const file = readIgnoreFile(path, base)
    if (file) files.push(file)
  }
  add(join(commonGitFolder(root), 'info', 'exclude'), '')
  const names = relative(root, dir).split(sep).filter(Boolean)
  for (let depth = 0; depth < names.length; depth++) {
    const base = names
      .slice(0, depth)
      .map((name) => `${name}/`)
      .join('')
    const path = names.slice(0, depth + 1).join('/')
    add(join(root, base, '.gitignore'), base)
    if (isIgnored(files, path, true)) return { prefix: '', files: [] }
  }
  return { prefix: names.map((name) => `${name}/`).join(''), files }
}

/** Undefined where there is no such file. As git does it, a symbolic link is not followed. */
export function readIgnoreFile(path: string, base: string): IgnoreFile | undefined {
  try {
    if (!lstatSync(path, { throwIfNoEntry: false })?.isFile()) return undefined
    return parseIgnoreFile(readFileSync(path, 'utf8'), base)
  } catch (cause) {
    throw new EvaluatorUploadError('FW_SOURCE', `${path} cannot be read`, {
      hint: 'Make it readable, or set `gitignore: false`.',
      cause,
    })
  }
}

function findRepository(dir: string): string | undefined {
  for (let folder = dir; ; folder = dirname(folder)) {
    if (lstatSync(join(folder, '.git'), { throwIfNoEntry: false })) return folder
    if (dirname(folder) === folder) return undefined
  }
}

/** In a worktree or submodule `.git` is a file that names the real folder, which may name the one shared by all. */
function commonGitFolder(root: string): string {
  const dotGit = join(root, '.git')
  const pointer = readPointer(dotGit, /^gitdir: (.*)$/m)
  if (pointer === undefined) return dotGit
  const folder = resolve(root, pointer)
  const common = readPointer(join(folder, 'commondir'), /^(.+)$/m)
  return common === undefined ? folder : resolve(folder, common)
}

function readPointer(path: string, pattern: RegExp): string | undefined {
  if (!lstatSync(path, { throwIfNoEntry: false })?.isFile()) return undefined
  return pattern.exec(readFileSync(path, 'utf8'))?.[1]?.trim()
}
