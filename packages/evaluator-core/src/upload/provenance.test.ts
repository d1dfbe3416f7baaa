import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { findProvenance } from './provenance.ts'

function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'fw-provenance-'))
  onTestFinished(() => rmSync(dir, { recursive: true }))
  return dir
}

function repository(remote?: string): { dir: string; head: string } {
  const dir = folder()
  const git = (...args: string[]) => execFileSync('git', args, { cwd: dir, encoding: 'utf8' }).trim()
  git('init', '-q')
  git('-c', 'user.name=t', '-c', 'user.email=t@example.invalid', 'commit', '-q', '--allow-empty', '-m', 'x')
  if (remote) git('remote', 'add', 'origin', remote)
  return { dir, head: git('rev-parse', 'HEAD') }
}

const gitHub = (name: string) => ({ type: 'TYPE_GITHUB', githubRepositoryName: name })

test.each([
  'https://github.com/acme/evals.git',
  'git@github.com:acme/evals.git',
  'ssh://git@github.com/acme/evals',
])('commit and repository of a clone of %s', async (remote) => {
  const { dir, head } = repository(remote)
  expect(await findProvenance(dir, {})).toEqual({ commitHash: head, source: gitHub('acme/evals') })
})

test.each(['https://gitlab.example/acme/evals.git', undefined])(
  'a repository with origin %s has no name',
  async (remote) => {
    const { dir, head } = repository(remote)
    expect(await findProvenance(dir, {})).toEqual({ commitHash: head })
  },
)

test.each([
  'GITHUB_SHA',
  'CI_COMMIT_SHA',
  'CIRCLE_SHA1',
  'BUILDKITE_COMMIT',
  'BITBUCKET_COMMIT',
  'VERCEL_GIT_COMMIT_SHA',
  'COMMIT_REF',
])("a CI's %s wins over git", async (name) => {
  const { dir } = repository()
  expect(await findProvenance(dir, { [name]: 'c0ffee' })).toEqual({ commitHash: 'c0ffee' })
})

test("GITHUB_REPOSITORY wins over git's remote", async () => {
  const { dir, head } = repository('https://github.com/fork/evals')
  expect(await findProvenance(dir, { GITHUB_REPOSITORY: 'acme/evals' })).toEqual({
    commitHash: head,
    source: gitHub('acme/evals'),
  })
})

test('outside a repository there is nothing to tell, and no failure', async () => {
  expect(await findProvenance(folder(), {})).toEqual({})
  expect(await findProvenance(join(folder(), 'missing'), {})).toEqual({})
})
