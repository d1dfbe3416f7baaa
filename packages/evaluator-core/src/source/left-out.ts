/** Files and folders that one rule kept out. */
export interface LeftOut {
  /** For people: `.gitignore`, `exclude`, `node_modules`, `.env files` … */
  readonly rule: string
  /** Paths relative to the source; a folder ends in `/` and counts as one. At most 100 are named. */
  readonly paths: readonly string[]
  /** How many there are in all. */
  readonly count: number
}

/** What the package itself writes, which must not be packed with the next run. */
export interface OwnFiles {
  /** `<evaluatorId>.tar.gz`: left out at the root of the source. */
  fileName: string
  outFile?: string | undefined
}

/** Names that an `outFile` bears until it is complete. */
export const PARTIAL_FILE: RegExp = /\.[0-9a-f]{12}\.partial$/

interface AlwaysRule {
  rule: string
  /** Tested against the name of a folder; what is below it stays out with it. */
  folder?: RegExp
  /** Tested against the name of a file. */
  file?: RegExp
}

/**
 * What surely is not the source of an evaluator, or must not leave the machine. Nothing brings it back: neither
 * `include` nor a map of files. Without regard to case, because some filesystems have none.
 */
const ALWAYS: readonly AlwaysRule[] = [
  { rule: '.git', folder: /^\.git$/i, file: /^\.git$/i },
  { rule: 'other version control', folder: /^\.(hg|svn|jj)$/i },
  { rule: 'node_modules', folder: /^node_modules$/i },
  { rule: 'virtual environment', folder: /^\.?venv$/i },
  { rule: '.env files', folder: /^\.env/i, file: /^\.env/i },
  {
    rule: 'Python cache',
    folder:
      /^(__pycache__|__pypackages__|\.pytest_cache|\.mypy_cache|\.ruff_cache|\.tox|\.nox|\.ipynb_checkpoints)$/i,
    file: /\.py[co]$/i,
  },
  {
    rule: 'private key',
    file: /^id_(rsa|dsa|ecdsa|ed25519)(_sk)?$|\.(key|p12|pfx|ppk|jks|keystore|kdbx)$/i,
  },
  {
    rule: 'credentials',
    folder: /^\.(ssh|aws|azure|gnupg|kube|fireworks)$/i,
    file: /^(\.npmrc|\.pypirc|[._]netrc|\.git-credentials|\.pgpass|\.my\.cnf|\.htpasswd|\.dockercfg|\.vault-token|auth\.ini|(application_default_)?credentials\.json|client_secret.*\.json|service[-_]?account.*\.json)$/i,
  },
  { rule: 'file of the operating system', file: /^(\.DS_Store|Thumbs\.db|desktop\.ini|\._.*)$/i },
]

/** Name of the rule that keeps a folder with a `pyvenv.cfg` in it out, whatever the folder is called. */
export const VIRTUAL_ENVIRONMENT = 'virtual environment'
/** Name of the rule for what this package itself wrote. */
export const OWN_ARCHIVE = 'own archive'
/** Name of the rule for files that hold a private key although their name need not mean one. */
export const PRIVATE_KEY = 'private key'

const anyOf = (expressions: (RegExp | undefined)[]): RegExp =>
  new RegExp(expressions.flatMap((one) => one?.source ?? []).join('|'), 'i')
/** Most names match no rule: one expression says so, which counts with 20,000 files. */
const ANY_FOLDER = anyOf(ALWAYS.map(({ folder }) => folder))
const ANY_FILE = anyOf(ALWAYS.map(({ file }) => file))

/** The rule that keeps a file or folder of this name out wherever it stands, or undefined. */
export function alwaysLeftOut(name: string, isFolder: boolean): string | undefined {
  if (!(isFolder ? ANY_FOLDER : ANY_FILE).test(name)) return undefined
  return ALWAYS.find((rule) => (isFolder ? rule.folder : rule.file)?.test(name))?.rule
}

/** The rule that keeps out a path because of its own name or that of a folder it is in. */
export function ruleForPath(path: string, isFolder = false): string | undefined {
  const names = path.split('/')
  for (const [index, name] of names.entries()) {
    const rule = alwaysLeftOut(name, index < names.length - 1 || isFolder)
    if (rule !== undefined) return rule
  }
  return undefined
}

const NAMED_PATHS = 100

/** Counts what stays out by rule. */
export interface LeftOutCounter {
  add(rule: string, path: string): void
  list(): LeftOut[]
}

export function createLeftOutCounter(): LeftOutCounter {
  const byRule = new Map<string, { paths: string[]; count: number }>()
  return {
    add(rule, path) {
      const known = byRule.get(rule) ?? { paths: [], count: 0 }
      if (known.paths.length < NAMED_PATHS) known.paths.push(path)
      known.count++
      byRule.set(rule, known)
    },
    list: () => Array.from(byRule, ([rule, { paths, count }]) => ({ rule, paths, count })),
  }
}
