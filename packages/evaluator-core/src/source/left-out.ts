import { NAME_RULES, type NameRule, PRIVATE_KEY } from './name-rules.ts'

/** Files and folders that one rule left out. */
export interface LeftOut {
  /** For people: `.gitignore`, `exclude`, `node_modules`, `.env files` … */
  readonly rule: string
  /** Paths relative to the source; a folder ends in `/` and counts as one. At most 100. */
  readonly paths: readonly string[]
  /** How many there are in all. */
  readonly count: number
}

/** Files that this package writes, which the next run must not pack. */
export interface OwnFiles {
  /** `<evaluatorId>.tar.gz`: left out at the root of the source. */
  fileName: string
  outFile?: string | undefined
}

/** Names that an `outFile` bears until it is complete. */
export const PARTIAL_FILE: RegExp = /\.[0-9a-f]{12}\.partial$/
/** Name of the rule for what this package itself wrote. */
export const OWN_ARCHIVE = 'own archive'

interface Matcher {
  /** By the last name in the pattern; `suffix` is the whole pattern. */
  readonly exact: ReadonlyMap<string, readonly { readonly rule: NameRule; readonly suffix: string }[]>
  /** Patterns with a wildcard by what a name must have for it: its first character, or its extension. */
  readonly wild: ReadonlyMap<string, readonly { readonly rule: NameRule; readonly expression: RegExp }[]>
}

/** Key of the patterns that may match a name whatever it begins and ends with. */
const ANY = '*'

const FILES = compile('files')
const FOLDERS = compile('folders')

/** Copies that editors and people make: the secret in `id_rsa.bak` is that of `id_rsa`. */
const BACKUPS = new Set('bak backup old orig save saved copy tmp disabled rej'.split(' '))
/** Marks of a file that shows how a secret is written: `.env.example`, `client_secret.sample.json`. */
const TEMPLATE = /(?:^|[._-])(?:example|sample|template|tmpl|tpl|dist|schema)(?:[._-]|$)/
/** Sources, public keys and certificates that are called like a private key. */
const NO_KEY =
  /\.(?:pub|pem|crt|cer|py|pyi|ipynb|[cm]?[jt]sx?|md|rst|html?|go|rs|java|rb|c|h|cc|cpp|sh|json|ya?ml|toml)$/

/**
 * The rule that keeps out a file or folder because of its name; `path` may be absolute. Folders above it are not
 * looked at.
 */
export function ruleForName(path: string, isFolder: boolean): NameRule | undefined {
  const lower = path.toLowerCase()
  const folder = lower.slice(0, lower.lastIndexOf('/') + 1)
  const name = lower.slice(folder.length)
  if (isFolder) return match(FOLDERS, folder, name)
  const found = match(FILES, folder, name)
  // `id_rsa~` is first of all a key, and then an editor's.
  if (found !== undefined && found.kind !== 'clutter') return found
  for (let bare = originalOf(name); bare !== undefined; bare = originalOf(bare)) {
    const original = match(FILES, folder, bare)
    if (original?.kind === 'secret') return original
  }
  return found
}

/** The name without what marks it as a copy: `id_rsa` of `id_rsa.bak`, `id_rsa~`, `#id_rsa#`, `id_rsa.1`. */
function originalOf(name: string): string | undefined {
  if (/[~#]$/.test(name)) return name.replace(/^#/, '').slice(0, -1)
  const at = Math.max(name.lastIndexOf('.'), name.lastIndexOf('_'), name.lastIndexOf('-'))
  const mark = name.slice(at + 1)
  return at > 0 && (BACKUPS.has(mark) || /^\d{1,3}$/.test(mark)) ? name.slice(0, at) : undefined
}

/**
 * The first `wanted` rule that keeps out a file because of its own name or that of a folder it is in. A template is no
 * secret: in a folder it stays out with the others of its name, but whoever names it means it.
 */
export function ruleForPath(
  path: string,
  wanted: (rule: NameRule) => boolean = () => true,
): NameRule | undefined {
  for (let end = path.indexOf('/'); end >= 0; end = path.indexOf('/', end + 1)) {
    const rule = ruleForName(path.slice(0, end), true)
    if (rule !== undefined && wanted(rule)) return rule
  }
  const rule = ruleForName(path, false)
  if (rule === undefined || !wanted(rule)) return undefined
  const mayBeTemplate = rule.kind === 'secret' && rule.rule !== PRIVATE_KEY
  return mayBeTemplate && TEMPLATE.test(path.slice(path.lastIndexOf('/') + 1).toLowerCase())
    ? undefined
    : rule
}

/** Documented for users in api.ts. */
export function findNeverSent(
  paths: readonly string[],
  isAllowed: (path: string) => boolean = () => false,
): { path: string; rule: string }[] {
  return paths.flatMap((path) => {
    const isPardoned = isAllowed(path)
    const found = ruleForPath(path, ({ kind }) => kind === 'repository' || (kind === 'secret' && !isPardoned))
    return found === undefined ? [] : [{ path, rule: found.rule }]
  })
}

function match({ exact, wild }: Matcher, folder: string, name: string): NameRule | undefined {
  const known = exact.get(name)?.find(({ suffix }) => `/${folder}${name}`.endsWith(`/${suffix}`))
  if (known !== undefined) return known.rule
  for (const key of [name.charAt(0), extensionOf(name), ANY]) {
    const found = wild
      .get(key)
      ?.find(
        ({ rule, expression }) => expression.test(name) && !(rule.rule === PRIVATE_KEY && NO_KEY.test(name)),
      )
    if (found !== undefined) return found.rule
  }
  return undefined
}

/** With its dot; {@link ANY} where there is none that tells. */
function extensionOf(name: string): string {
  const dot = name.lastIndexOf('.')
  return dot < 0 || name.endsWith('.*') ? ANY : name.slice(dot)
}

/** Most names match nothing, and with 20,000 files each expression that need not be tried counts. */
function compile(what: 'files' | 'folders'): Matcher {
  const exact = new Map<string, { rule: NameRule; suffix: string }[]>()
  const wild = new Map<string, { rule: NameRule; expression: RegExp }[]>()
  for (const rule of NAME_RULES) {
    for (const pattern of rule[what]?.split(' ') ?? []) {
      if (!pattern.includes('*')) {
        const name = pattern.slice(pattern.lastIndexOf('/') + 1)
        exact.set(name, [...(exact.get(name) ?? []), { rule, suffix: pattern }])
        continue
      }
      const key = pattern.startsWith('*') ? extensionOf(pattern) : pattern.charAt(0)
      const escaped = `^${pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&')}$`
      const source = escaped.replace(/^\^\*/, '').replace(/\*\$$/, '').replaceAll('*', '.*')
      wild.set(key, [...(wild.get(key) ?? []), { rule, expression: new RegExp(source, 's') }])
    }
  }
  return { exact, wild }
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
