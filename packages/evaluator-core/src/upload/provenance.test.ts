import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { findProvenance } from './provenance.ts'

function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'fw-provenance-'))
  onTestFinished(() => rmSync(dir, { recursive: true }))
  return dir
}

interface Repository {
  dir: string
  head: string
  git(...args: string[]): string
}

function repository(remote?: string): Repository {
  const dir = folder()
  const git = (...args: string[]) => execFileSync('git', args, { cwd: dir, encoding: 'utf8' }).trim()
  git('init', '-q', '-b', 'main')
  git('config', 'user.name', 't')
  git('config', 'user.email', 't@example.invalid')
  writeFileSync(join(dir, 'a.py'), 'x = 1\n')
  git('add', '.')
  git('commit', '-q', '-m', dir)
  if (remote) git('remote', 'add', 'origin', remote)
  return { dir, head: git('rev-parse', 'HEAD'), git }
}

const { PATH } = process.env
const find = (dir: string, env: Record<string, string | undefined> = {}) =>
  findProvenance(dir, { PATH, ...env })
const gitHub = (name: string) => ({ type: 'TYPE_GITHUB', githubRepositoryName: name })
const SHA = 'c0ffee0123456789c0ffee0123456789c0ffee01'

describe('the repository', () => {
  test.each([
    'https://github.com/acme/evals.git',
    'https://GitHub.com/acme/evals',
    'https://github.com:443/acme/evals.git/',
    'https://user:token@github.com/acme/evals',
    'git://github.com/acme/evals',
    'git@github.com:acme/evals.git',
    'GITHUB.COM:/acme/evals',
    'ssh://git@github.com/acme/evals',
    'ssh://git@GITHUB.com:22/acme/evals.git',
  ])('of %s has a name', async (remote) => {
    const { dir, head } = repository(remote)
    expect(await find(dir)).toEqual({ commitHash: head, source: gitHub('acme/evals') })
  })

  test.each([
    undefined,
    'https://gitlab.example/acme/evals.git',
    'https://notgithub.com/acme/evals.git',
    'https://github.com.example/acme/evals',
    'https://gitlab.com/mirrors/github.com/acme/evals',
    'https://ghe.corp/github.com/secret/repo',
    'https://github.com@ghe.corp/secret/repo',
    'https://github.com/acme/evals/more',
    'https://github.com/acme',
    'https://github.com/acme/..',
    'git@ghe.corp:github.com/repo',
    'github.com@ghe.corp:secret/repo',
    '/srv/github.com/private/path',
    '../github.com/private/path',
    'file:///srv/github.com/private',
    'file://github.com.example/private/path',
  ])('of %s has none', async (remote) => {
    const { dir, head } = repository(remote)
    expect(await find(dir)).toEqual({ commitHash: head })
  })

  test('is GITHUB_REPOSITORY, where the server is github.com', async () => {
    const { dir } = repository('https://github.com/fork/evals')
    const named = async (env: Record<string, string>) => (await find(dir, env)).source?.githubRepositoryName
    expect(await named({ GITHUB_REPOSITORY: 'acme/evals' })).toBe('acme/evals')
    expect(await named({ GITHUB_REPOSITORY: 'acme/evals', GITHUB_SERVER_URL: 'https://github.com' })).toBe(
      'acme/evals',
    )
    expect(await named({ GITHUB_REPOSITORY: 'secret/evals', GITHUB_SERVER_URL: 'https://ghe.corp' })).toBe(
      'fork/evals',
    )
    expect(await named({ GITHUB_REPOSITORY: 'no name' })).toBe('fork/evals')
  })
})

describe('the commit', () => {
  test.each([
    'GITHUB_SHA',
    'CI_COMMIT_SHA',
    'CIRCLE_SHA1',
    'BUILDKITE_COMMIT',
    'BITBUCKET_COMMIT',
    'VERCEL_GIT_COMMIT_SHA',
    'COMMIT_REF',
  ])("is that of a CI's %s, before that of git", async (name) => {
    const { dir } = repository()
    expect(await find(dir, { [name]: SHA.toUpperCase() })).toEqual({ commitHash: SHA })
    expect(await find(folder(), { [name]: SHA })).toEqual({ commitHash: SHA })
  })

  test('of 64 digits is one too', async () => {
    expect(await find(folder(), { GITHUB_SHA: 'a'.repeat(64) })).toEqual({ commitHash: 'a'.repeat(64) })
  })

  test('is looked up where a CI has a name for it', async () => {
    const { dir, head, git } = repository()
    git('tag', '-a', 'v1', '-m', 'v1')
    for (const name of ['HEAD', 'main', 'v1', 'refs/heads/main', head.slice(0, 8)]) {
      expect(await find(dir, { COMMIT_REF: name }), name).toEqual({ commitHash: head })
    }
  })

  test.each(['not-a-commit', '--output=x', '-h', 'HEAD^{tree}', 'c0ffee', ' ', 'a b'])(
    'is HEAD where %j names none',
    async (name) => {
      const { dir, head } = repository()
      expect(await find(dir, { COMMIT_REF: name })).toEqual({ commitHash: head })
      expect(existsSync(join(dir, 'x'))).toBe(false)
      expect(await find(folder(), { COMMIT_REF: name })).toEqual({})
    },
  )

  test.each([
    { GITHUB_EVENT_NAME: 'pull_request', GITHUB_REF: 'refs/pull/7/merge' },
    { GITHUB_EVENT_NAME: 'pull_request_review', GITHUB_REF: 'refs/pull/7/merge' },
    { GITHUB_EVENT_NAME: 'pull_request' },
  ])('of a pull request is its head: %o', async (variables) => {
    const { dir, head } = repository()
    const event = join(folder(), 'event.json')
    writeFileSync(
      event,
      JSON.stringify({ pull_request: { head: { sha: SHA }, base: { sha: 'b'.repeat(40) } } }),
    )
    const env = { ...variables, GITHUB_SHA: head, GITHUB_EVENT_PATH: event }
    expect((await find(dir, env)).commitHash).toBe(SHA)
    expect((await find(dir, { ...env, GITHUB_EVENT_PATH: join(dir, 'missing') })).commitHash).toBe(head)
    writeFileSync(event, '{"pull_request": {"head": {"sha": "--output=x"}}}')
    expect((await find(dir, env)).commitHash).toBe(head)
  })

  test('of pull_request_target and of a push is that of GITHUB_SHA', async () => {
    const { dir } = repository()
    const event = join(folder(), 'event.json')
    writeFileSync(event, JSON.stringify({ pull_request: { head: { sha: 'd'.repeat(40) } } }))
    for (const GITHUB_EVENT_NAME of ['pull_request_target', 'push']) {
      const env = { GITHUB_EVENT_NAME, GITHUB_SHA: SHA, GITHUB_EVENT_PATH: event }
      expect(await find(dir, env)).toEqual({ commitHash: SHA })
    }
  })

  test('is known where git cannot tell what has changed', async () => {
    const { dir, head } = repository()
    writeFileSync(join(dir, '.git', 'index'), 'broken')
    expect(await find(dir)).toEqual({ commitHash: head })
  })

  test('is dirty where a tracked file has changed, and not where one is new', async () => {
    const { dir, head } = repository()
    writeFileSync(join(dir, 'new.py'), '')
    expect(await find(dir)).toEqual({ commitHash: head })
    writeFileSync(join(dir, 'a.py'), 'x = 2\n')
    expect(await find(dir)).toEqual({ commitHash: `${head}.dirty` })
    expect(await find(dir, { GITHUB_SHA: head })).toEqual({ commitHash: `${head}.dirty` })
  })
})

test('an inherited environment of git makes no other repository speak', async () => {
  const { dir, head } = repository('https://github.com/acme/a')
  const other = repository('https://github.com/acme/b')
  const env = {
    GIT_DIR: join(other.dir, '.git'),
    GIT_WORK_TREE: other.dir,
    GIT_INDEX_FILE: join(other.dir, '.git', 'index'),
    GIT_COMMON_DIR: join(other.dir, '.git'),
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: 'remote.origin.url',
    GIT_CONFIG_VALUE_0: 'https://github.com/acme/b',
  }
  expect(await find(dir, env)).toEqual({ commitHash: head, source: gitHub('acme/a') })
  expect(await find(folder(), env)).toEqual({})
})

test('no program that the repository names is run', async () => {
  const { dir, head, git } = repository()
  const mark = join(dir, 'mark')
  git('config', 'core.fsmonitor', `touch ${mark}; false`)
  expect(await find(dir)).toEqual({ commitHash: head })
  expect(existsSync(mark)).toBe(false)
})

test('outside a repository, and without git, there is nothing to tell, and no failure', async () => {
  const { dir } = repository()
  expect(await find(folder())).toEqual({})
  expect(await find(join(folder(), 'missing'))).toEqual({})
  expect(await find(dir, { PATH: folder() })).toEqual({})
  // More than the system hands to a process: to start one throws.
  expect(await find(dir, { HUGE: 'x'.repeat(3_000_000) })).toEqual({})
})

test('where no process may be started there is nothing to tell', async () => {
  const { dir } = repository()
  const module = join(import.meta.dirname, 'provenance.ts')
  const script = `import { findProvenance } from ${JSON.stringify(module)}
    console.log(JSON.stringify(await findProvenance(${JSON.stringify(dir)})))`
  const permission = process.allowedNodeEnvironmentFlags.has('--permission')
    ? '--permission'
    : '--experimental-permission'
  const args = [permission, '--allow-fs-read=*', '--no-warnings', '--input-type=module', '-e', script]
  const output = execFileSync(process.execPath, args, { encoding: 'utf8', env: { PATH }, stdio: 'pipe' })
  expect(JSON.parse(output)).toEqual({})
})
