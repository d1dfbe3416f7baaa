import { glob, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { pythonWith } from './python.ts'

const root = join(import.meta.dirname, '../..')
const timeout = 500_000

test('the recorded versions fulfil the requirements of every example', { timeout }, async ({ skip }) => {
  const asking: string[] = []
  for await (const file of glob('examples/{*,*/python}/requirements.txt', { cwd: root })) {
    const found = await pythonWith(join(root, file))
    if ('missing' in found) return skip(found.missing)
    asking.push(file)
  }
  expect(asking.length).toBeGreaterThan(0)
})

test('a requirement that they do not fulfil is an error, not an install', { timeout }, async ({ skip }) => {
  const recorded = await pythonWith(join(import.meta.dirname, 'requirements.in'))
  if ('missing' in recorded) return skip(recorded.missing)
  const folder = await mkdtemp(join(tmpdir(), 'fw-python-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const file = join(folder, 'requirements.txt')
  await writeFile(file, 'pytest<7\n')
  await expect(pythonWith(file)).rejects.toThrow(/pytest/)
})
