import { realpathSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { EvaluatorFields } from '../options.ts'
import { findRepository as findRepositoryRoot } from '../source/repository.ts'

/** Variables in which a CI names the commit it builds: by its hash, or by a name that git knows. */
const COMMIT_VARIABLES = [
  'GITHUB_SHA',
  'CI_COMMIT_SHA',
  'CIRCLE_SHA1',
  'BUILDKITE_COMMIT',
  'BITBUCKET_COMMIT',
  'VERCEL_GIT_COMMIT_SHA',
  'COMMIT_REF',
]

const GIT_TIMEOUT_MS = 5000
const HASH = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/
const GITHUB = 'github.com'
const REPOSITORY_NAME = /^[A-Za-z0-9][A-Za-z0-9-]*\/(?!\.{1,2}$)[\w.-]+$/

type Env = Readonly<Record<string, string | undefined>>

/**
 * Where the source comes from, as far as the CI's variables or git tell: a whole hash, with `.dirty` where tracked
 * files differ from it, and the name of a repository on github.com, the one host that the service names. Never fails:
 * it is a label, and a folder outside a repository has none.
 * @param signal ends git, which would keep the process alive
 */
export async function findProvenance(
  dir: string,
  env: Env = process.env,
  signal?: AbortSignal,
): Promise<Pick<EvaluatorFields, 'commitHash' | 'source'>> {
  // Each start of a process takes 3 ms of the thread that uploads, also where git would find nothing.
  const git = isInRepository(dir) ? gitIn(dir, env, signal) : async () => undefined
  const [commitHash, repository] = await Promise.all([findCommit(git, env), findRepository(git, env)])
  return {
    ...(commitHash && { commitHash }),
    ...(repository && { source: { type: 'TYPE_GITHUB', githubRepositoryName: repository } as const }),
  }
}

async function findCommit(git: Git, env: Env): Promise<string | undefined> {
  // HEAD and whether a file differs, in one process. How far the branch is from another may take git seconds.
  const state = git(
    'status',
    ...['--porcelain=v2', '--branch', '--no-ahead-behind'],
    ...['--untracked-files=no', '--ignore-submodules=untracked'],
  )
  const named = (await headOfPullRequest(env)) ?? (await namedByCi(git, env))
  // Status may fail where HEAD is known: with a broken index, too many files, or an old git.
  const hash = named ?? headIn(await state) ?? (await resolveCommit(git, 'HEAD'))
  return hash && `${hash}${tellsOfChanges(await state) ? '.dirty' : ''}`
}

/** Before the first commit, git has a word in the place of the hash. */
function headIn(state = ''): string | undefined {
  return wholeHash(/^# branch\.oid (.*)$/m.exec(state)?.[1])
}

/** Lines that begin with `#` tell of the branch. */
function tellsOfChanges(state = ''): boolean {
  return /^[^#]/m.test(state)
}

function isInRepository(dir: string): boolean {
  try {
    return findRepositoryRoot(realpathSync(dir)) !== undefined
  } catch {
    return false
  }
}

/** GITHUB_SHA is a merge then, which is gone as soon as the branch moves on. */
async function headOfPullRequest(env: Env): Promise<string | undefined> {
  const { GITHUB_EVENT_NAME: event = '', GITHUB_REF: ref = '', GITHUB_EVENT_PATH: path } = env
  const isMerge = /^refs\/pull\/\d+\/merge$/.test(ref) || /^pull_request(?!_target)/.test(event)
  if (!isMerge || !path) return undefined
  try {
    const { pull_request }: { pull_request?: { head?: { sha?: unknown } } } = JSON.parse(
      await readFile(path, 'utf8'),
    )
    return wholeHash(pull_request?.head?.sha)
  } catch {
    return undefined
  }
}

async function namedByCi(git: Git, env: Env): Promise<string | undefined> {
  for (const name of COMMIT_VARIABLES) {
    const value = env[name]?.trim()
    const hash = value ? (wholeHash(value) ?? (await resolveCommit(git, value))) : undefined
    if (hash) return hash
  }
  return undefined
}

/** A branch, a tag, HEAD, or the beginning of a hash. */
async function resolveCommit(git: Git, name: string): Promise<string | undefined> {
  // No name begins with it, and git would take it for an option.
  if (name.startsWith('-')) return undefined
  return wholeHash(await git('rev-parse', '--verify', '--quiet', `${name}^{commit}`))
}

function wholeHash(value: unknown): string | undefined {
  const hash = typeof value === 'string' ? value.toLowerCase() : ''
  return HASH.test(hash) ? hash : undefined
}

async function findRepository(git: Git, env: Env): Promise<string | undefined> {
  const { GITHUB_REPOSITORY: name = '', GITHUB_SERVER_URL: server = `https://${GITHUB}` } = env
  if (REPOSITORY_NAME.test(name) && hostOf(server) === GITHUB) return name
  return gitHubName((await git('remote', 'get-url', 'origin')) ?? '')
}

/** `owner/name` of an address on github.com itself; none of another host that has the name in it, or of a path. */
function gitHubName(remote: string): string | undefined {
  // `git@github.com:owner/name`, as ssh has it. With `//` behind the colon it is a URL.
  const [, scpHost, scpPath] = /^(?:[^@/:]+@)?([^@/:]+):(?!\/\/)(.*)$/.exec(remote) ?? []
  const host = scpHost?.toLowerCase() ?? hostOf(remote)
  const path = scpPath ?? (URL.canParse(remote) ? new URL(remote).pathname : '')
  const name = path.replace(/^\/+|\/+$/g, '').replace(/\.git$/i, '')
  return host === GITHUB && REPOSITORY_NAME.test(name) ? name : undefined
}

function hostOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).hostname.toLowerCase() : undefined
}

/** Asks git; undefined where there is none, where it fails, or has nothing to say. */
type Git = (...args: string[]) => Promise<string | undefined>

/** What git may be told by its environment. All else could make another repository speak for the folder. */
const GIT_VARIABLES = [
  'GIT_EXEC_PATH',
  'GIT_CEILING_DIRECTORIES',
  'GIT_CONFIG_GLOBAL',
  'GIT_CONFIG_SYSTEM',
  'GIT_CONFIG_NOSYSTEM',
]

function gitIn(dir: string, env: Env, signal: AbortSignal | undefined): Git {
  const inherited = Object.entries(env).filter(([name]) => {
    const upper = name.toUpperCase()
    return !upper.startsWith('GIT_') || GIT_VARIABLES.includes(upper)
  })
  // Reads only: no lock, no fetch of what a partial clone left out.
  const own = { GIT_OPTIONAL_LOCKS: '0', GIT_NO_LAZY_FETCH: '1', GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C' }
  const options = {
    env: { ...Object.fromEntries(inherited), ...own },
    timeout: GIT_TIMEOUT_MS,
    windowsHide: true,
    signal,
    // Not the folder itself: Windows looks for git.exe where a process begins.
    cwd: dirname(process.execPath),
  }
  return async (...args) => {
    // Loaded here, since it takes 3 ms.
    const { execFile } = await import('node:child_process')
    return new Promise((resolve) => {
      try {
        // A repository's own setting names a program that `status` would run.
        execFile('git', ['-C', dir, '-c', 'core.fsmonitor=false', ...args], options, (error, stdout) => {
          resolve(error ? undefined : stdout.trim() || undefined)
        })
      } catch {
        // Thrown at once where no process may be started (--permission), or the environment is too large for one.
        resolve(undefined)
      }
    })
  }
}
