import type { EvaluatorFields } from '../options.ts'

/** Variables in which a CI names the commit it builds. */
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

/**
 * Where the source comes from, as far as the CI's variables or git tell. Never fails: it is a label, and a folder
 * outside a repository has none. `source` is set for GitHub repositories only, the one kind that the service names.
 */
export async function findProvenance(
  dir: string,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<Pick<EvaluatorFields, 'commitHash' | 'source'>> {
  const [commitHash, repository] = await Promise.all([
    COMMIT_VARIABLES.map((name) => env[name]).find(Boolean) ?? git(dir, 'rev-parse', 'HEAD'),
    env.GITHUB_REPOSITORY || gitHubRepository(dir),
  ])
  return {
    ...(commitHash && { commitHash }),
    ...(repository && { source: { type: 'TYPE_GITHUB', githubRepositoryName: repository } as const }),
  }
}

/** `owner/name` of the remote called origin. */
async function gitHubRepository(dir: string): Promise<string | undefined> {
  const url = await git(dir, 'remote', 'get-url', 'origin')
  return /github\.com[:/]([\w.-]+\/[\w.-]+?)(?:\.git)?\/?$/.exec(url ?? '')?.[1]
}

async function git(dir: string, ...args: string[]): Promise<string | undefined> {
  // Loaded here: a CI's variables mostly tell all, and it takes 3 ms.
  const { execFile } = await import('node:child_process')
  return new Promise((resolve) => {
    execFile('git', args, { cwd: dir, timeout: GIT_TIMEOUT_MS }, (error, stdout) => {
      resolve(error ? undefined : stdout.trim() || undefined)
    })
  })
}
