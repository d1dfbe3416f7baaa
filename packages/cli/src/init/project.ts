import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import { UsageError } from '../terminal/usage-error.ts'

export type Bundler = 'vite' | 'esbuild'
export type PackageManager = 'npm' | 'pnpm' | 'yarn' | 'bun'

/** What the folder already has. */
export interface Project {
  /** The name in package.json. */
  readonly name?: string
  readonly hasPackageJson: boolean
  /** Whether it is nothing but an evaluator, made by `init` in an empty folder: run again, the paths stay. */
  readonly isEvaluator: boolean
  /** Whether `.js` means an ES module there. */
  readonly isModule: boolean
  readonly isTypeScript: boolean
  /** The bundler that the project uses for something else than an evaluator. */
  readonly bundler?: Bundler
  /** Packages in package.json: installing them again could change their versions. */
  readonly dependencies: readonly string[]
  /** Its scripts. */
  readonly scripts: Readonly<Record<string, unknown>>
  /** A Python file with an evaluation test: an existing evaluator. */
  readonly python?: string
  readonly packageManager: PackageManager
  /** The root of the git repository, where GitHub looks for workflows; without git, the folder itself. */
  readonly gitRoot: string
  /** The folder in which dependencies are installed: in a workspace, its root. */
  readonly installRoot: string
}

const EXTENSION = /\.[cm]?[jt]s$/
const LOCKFILES: Readonly<Record<string, PackageManager>> = {
  'pnpm-lock.yaml': 'pnpm',
  'yarn.lock': 'yarn',
  'bun.lock': 'bun',
  'bun.lockb': 'bun',
  'package-lock.json': 'npm',
}

/**
 * @param dir absolute
 * @throws UsageError if package.json is not a JSON object
 */
export function readProject(dir: string): Project {
  const manifest = readManifest(dir)
  const gitRoot = above(dir).find((folder) => existsSync(join(folder, '.git'))) ?? dir
  const upToGit = above(dir).filter((folder) => !relative(gitRoot, folder).startsWith('..'))
  const installRoot = upToGit.find((folder) => lockfileOf(folder) !== undefined) ?? dir
  const lockfile = lockfileOf(installRoot)
  const bundler = bundlerOf(dir)
  const python = pythonOf(dir)
  return {
    ...(typeof manifest?.name === 'string' && { name: manifest.name }),
    hasPackageJson: manifest !== undefined,
    isModule: manifest?.type === 'module',
    dependencies: Object.keys({ ...manifest?.dependencies, ...manifest?.devDependencies }),
    scripts: manifest?.scripts ?? {},
    isTypeScript: manifest === undefined || existsSync(join(dir, 'tsconfig.json')),
    isEvaluator: isEvaluator(dir),
    ...(bundler && { bundler }),
    ...(python !== undefined && { python }),
    packageManager: (lockfile === undefined ? undefined : LOCKFILES[lockfile]) ?? 'npm',
    gitRoot,
    installRoot,
  }
}

/** A path for workflows and messages. */
export function posixPath(from: string, to: string): string {
  return relative(from, to).replaceAll(sep, '/') || '.'
}

function above(dir: string): string[] {
  const parent = dirname(dir)
  return parent === dir ? [dir] : [dir, ...above(parent)]
}

function lockfileOf(dir: string): string | undefined {
  return Object.keys(LOCKFILES).find((file) => existsSync(join(dir, file)))
}

interface Manifest {
  name?: unknown
  type?: unknown
  scripts?: Record<string, unknown>
  dependencies?: Record<string, unknown>
  devDependencies?: Record<string, unknown>
}

function readManifest(dir: string): Manifest | undefined {
  const file = join(dir, 'package.json')
  if (!existsSync(file)) return undefined
  const manifest = parse(readFileSync(file, 'utf8'))
  if (manifest) return manifest
  throw new UsageError(`${file} cannot be read: it is not a JSON object.`, 'Fix it, then run init again.')
}

function parse(text: string): Manifest | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined
  } catch {
    return undefined
  }
}

function bundlerOf(dir: string): Bundler | undefined {
  const names = [...namesIn(dir), ...namesIn(join(dir, 'scripts')).map((name) => `scripts/${name}`)]
  const files = names.filter((name) => EXTENSION.test(name))
  if (files.some((file) => /^vite\.config\./.test(file))) return 'vite'
  // A build script may build anything.
  const isEsbuild = (file: string): boolean =>
    /^(esbuild\.config|(scripts\/)?(build|esbuild))\./.test(file) &&
    /['"]esbuild['"]/.test(readFileSync(join(dir, file), 'utf8'))
  return files.some(isEsbuild) ? 'esbuild' : undefined
}

/** The names that {@link layOut} gives in an empty folder, with the plugin inside. */
function isEvaluator(dir: string): boolean {
  return ['vite.config.ts', 'build.mjs'].some(
    (name) =>
      existsSync(join(dir, name)) &&
      /\bfwEvaluator\(\{[^}]*\bscore: 'src\/score\.ts'/.test(readFileSync(join(dir, name), 'utf8')),
  )
}

function pythonOf(dir: string): string | undefined {
  const folders = readdirSync(dir, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !/^(\.|node_modules$|venv$)/.test(entry.name))
    .map(({ name }) => name)
  const files = ['', ...folders].flatMap((folder) =>
    namesIn(join(dir, folder)).map((name) => (folder ? `${folder}/${name}` : name)),
  )
  return files
    .filter((file) => file.endsWith('.py'))
    .find((file) => /\bevaluation_test\b/.test(readFileSync(join(dir, file), 'utf8')))
}

/** Names of the files in a folder, sorted; empty if there is no folder. */
function namesIn(dir: string): string[] {
  if (!existsSync(dir)) return []
  return readdirSync(dir, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)
    .sort()
}
