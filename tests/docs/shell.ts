import { execFileSync } from 'node:child_process'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { parse } from 'shell-quote'
import { parse as parseYaml } from 'yaml'
import { frameworks } from '../tools/frameworks.ts'
import { type Block, ROOT } from './markdown.ts'

/** One command of a shell. */
export interface Command {
  readonly where: string
  readonly program: string
  readonly args: readonly string[]
}

/** The commands of a `sh` block: continued lines are one, comments and variables before a command are dropped. */
export function commandsOf({ where, code }: Block): Command[] {
  return code
    .replaceAll(/\\\n\s*/g, ' ')
    .split('\n')
    .flatMap((line) => simpleCommands(line).flatMap((words) => toCommand(where, words)))
}

function simpleCommands(line: string): string[][] {
  const commands: string[][] = [[]]
  let isRedirected = false
  for (const token of parse(line, (name) => `$${name}`)) {
    const word = typeof token === 'string' ? token : 'pattern' in token ? token.pattern : undefined
    if (word !== undefined && !isRedirected) commands.at(-1)?.push(word)
    // The rest is a file.
    isRedirected = typeof token === 'object' && 'op' in token && /^(>>?|<|>&)$/.test(token.op)
    if (typeof token === 'object' && 'op' in token && word === undefined && !isRedirected) commands.push([])
  }
  return commands
}

function toCommand(where: string, words: string[]): Command[] {
  const first = words.findIndex((word) => !/^[A-Z_][A-Z0-9_]*=/.test(word))
  const [program, ...args] = first < 0 ? [] : words.slice(first)
  return program ? [{ where, program, args }] : []
}

interface Manifest {
  name: string
  private?: boolean
  packageManager?: string
  scripts?: Record<string, string>
  dependencies?: Record<string, string>
  devDependencies?: Record<string, string>
}

const readManifest = (path: string): Manifest => JSON.parse(readFileSync(path, 'utf8'))
const workspace = readManifest(`${ROOT}package.json`)
const published = globSync('packages/*/package.json', { cwd: ROOT })
  .map((path) => readManifest(`${ROOT}${path}`))
  .filter((manifest) => !manifest.private)
const catalog: Record<string, string> = parseYaml(readFileSync(`${ROOT}pnpm-workspace.yaml`, 'utf8')).catalog
/** Readers install these. This workspace does not have them by this name. */
const ELSEWHERE = ['webpack', '@rspack/core', '@farmfe/core', 'tsup', 'bun']

/** The problem of a command, or undefined. Each program in the documentation has an entry in {@link PROGRAMS}. */
export function problemOf({ program, args }: Command): string | undefined {
  const check = PROGRAMS[program]
  if (!check && BUILDS.some(([name]) => name === program)) return built([program, ...args])
  if (!check) return `nothing here knows the program "${program}"`
  return check(args)
}

type Check = (args: readonly string[]) => string | undefined

/** How the lane of real tools builds with each framework. */
const BUILDS = frameworks.map(({ build }) => build)

function built(command: readonly string[]): string | undefined {
  const isTried = BUILDS.some((build) => build.join(' ') === command.join(' '))
  return isTried ? undefined : `tests/tools does not run "${command.join(' ')}"`
}

const anything: Check = () => undefined

const PROGRAMS: Readonly<Record<string, Check>> = {
  'fw-evaluator': fwEvaluator,
  npm: install,
  pnpm,
  yarn: install,
  bun: install,
  npx,
  node: ([file = '']) => (file.startsWith('-') || isKnownFile(file) ? undefined : `there is no ${file}`),
  git: ([verb = '']) =>
    ['clone', 'switch', 'commit', 'push', 'add'].includes(verb) ? undefined : `git ${verb}?`,
  vite: ([verb = 'dev']) => (['build', 'dev', 'preview'].includes(verb) ? undefined : `vite has no ${verb}`),
  turbo: ([verb, ...tasks]) => (verb === 'run' && tasks.length > 0 ? undefined : 'say `turbo run <task>`'),
  cd: anything,
  cp: anything,
  export: anything,
  echo: anything,
  // No Python package is ours.
  python3: anything,
  '.venv/bin/pip': anything,
  '.venv/bin/python': anything,
}

/** A file of this repository, or a script that the documentation tells readers to write. */
function isKnownFile(file: string): boolean {
  return existsSync(`${ROOT}${file}`) || /^(build|upload|example)\.m?[jt]s$/.test(file)
}

function npx(args: readonly string[]): string | undefined {
  const [target = '', ...rest] = args.filter((arg) => arg !== '-y' && arg !== '--yes')
  if (target === workspace.packageManager) return pnpm(rest)
  if (target.startsWith('pnpm@')) return `the workspace's pnpm is ${workspace.packageManager}`
  if (target === '@fw/evaluator-cli') return fwEvaluator(rest)
  return problemOf({ where: '', program: target, args: rest })
}

const INSTALLS = ['install', 'i', 'add']

function install([verb = '', ...rest]: readonly string[]): string | undefined {
  if (verb === 'run') return undefined
  if (!INSTALLS.includes(verb)) return `"${verb}" is no way to install`
  const known = [...published.map(({ name }) => name), ...Object.keys(catalog), ...ELSEWHERE]
  const strangers = rest.filter((arg) => !arg.startsWith('-') && !known.includes(arg))
  return strangers.length > 0 ? `no such package: ${strangers.join(', ')}` : undefined
}

function pnpm(args: readonly string[]): string | undefined {
  const filter = args.indexOf('--filter')
  if (filter >= 0) {
    const manifest = manifestOf(args[filter + 1] ?? '')
    if (!manifest) return `no package ${args[filter + 1]}`
    return script(manifest, args.toSpliced(filter, 2))
  }
  return INSTALLS.includes(args[0] ?? '') ? install(args) : script(workspace, args)
}

function script({ name, scripts = {} }: Manifest, args: readonly string[]): string | undefined {
  const [verb = '', tool = ''] = args[0] === 'run' ? args.slice(1) : args
  if (verb === 'exec') {
    const tools = {
      biome: '@biomejs/biome',
      vitest: 'vitest',
      tsc: 'typescript',
      changeset: '@changesets/cli',
    }
    return Object.keys(tools).includes(tool) ? undefined : `nothing here knows the program "${tool}"`
  }
  return verb in scripts ? undefined : `${name} has no script "${verb}"`
}

function manifestOf(name: string): Manifest | undefined {
  const paths = globSync(['*/package.json', '*/*/package.json'], { cwd: ROOT })
  return paths.map((path) => readManifest(`${ROOT}${path}`)).find((manifest) => manifest.name === name)
}

const helps = new Map<string, string>()

/** The help of the built fw-evaluator, and of one of its commands. */
function help(command: string): string {
  const known = helps.get(command)
  if (known !== undefined) return known
  const args = [`${ROOT}packages/cli/dist/cli.js`, ...(command ? [command] : []), '--help']
  const text = execFileSync(process.execPath, args, { encoding: 'utf8' })
  helps.set(command, text)
  return text
}

/** Its commands and flags, from `--help`. */
function fwEvaluator(args: readonly string[]): string | undefined {
  const [command = ''] = args
  const isFlag = command.startsWith('-')
  if (!isFlag && !new RegExp(`^  ${command}\\b`, 'm').test(help('')))
    return `fw-evaluator has no command "${command}"`
  const text = help(isFlag ? '' : command)
  const flags = args.filter((arg) => /^--?[a-z]/i.test(arg)).map((arg) => arg.replace(/=.*/, ''))
  const unknown = flags.filter((flag) => !new RegExp(`(^|[ ,])${flag}([ =,[]|$)`, 'm').test(text))
  return unknown.length > 0 ? `fw-evaluator ${command} has no ${unknown.join(', ')}` : undefined
}
