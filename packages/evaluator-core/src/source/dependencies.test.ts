import { describe, expect, test } from 'vitest'
import { checkDependencies } from './dependencies.ts'

const check = (files: Record<string, string>, isAdded = false): (() => void) => {
  const entries = Object.entries(files).map(([path, text]) => ({
    path,
    content: Buffer.from(text),
    ...(path === 'requirements.txt' && { isAdded }),
  }))
  return () => checkDependencies(entries)
}
const PROJECT = '[project]\nname = "a"\n'

describe('without a requirements.txt at the root', () => {
  test.each([
    ['pyproject.toml', PROJECT, 'uv pip compile pyproject.toml -o requirements.txt'],
    ['pyproject.toml', '[tool.poetry.dependencies]\n', 'uv pip compile pyproject.toml'],
    ['Pipfile', '', 'pipenv requirements > requirements.txt'],
    ['uv.lock', '', 'uv export'],
    ['poetry.lock', '', 'poetry export'],
    ['pdm.lock', '', 'pdm export'],
    ['requirements.in', '', 'uv pip compile requirements.in'],
    ['setup.py', 'setup(install_requires=[])', 'uv pip compile setup.py'],
    ['setup.cfg', '[options]\ninstall_requires =\n a', 'uv pip compile setup.cfg'],
    ['grader/requirements.txt', '', 'cat grader/requirements.txt > requirements.txt'],
    ["it's/requirements.txt", '', `cat 'it'\\''s/requirements.txt' > requirements.txt`],
  ])('%s is refused', (path, text, command) => {
    for (const requirements of [{}, { 'requirements.txt': '' }]) {
      expect(check({ [path]: text, ...requirements }, true)).toThrow(
        expect.objectContaining({
          code: 'FW_SOURCE',
          message: expect.stringContaining(path),
          hint: expect.stringContaining(command),
        }),
      )
    }
  })

  test('all are named, and the lock makes the command', () => {
    expect(check({ 'pyproject.toml': PROJECT, 'uv.lock': '', 'a/requirements.txt': '' })).toThrow(
      expect.objectContaining({
        message: expect.stringMatching(/uv\.lock, pyproject\.toml, a\/requirements\.txt/),
        hint: expect.stringContaining('uv export'),
      }),
    )
  })

  test.each([
    ['nothing names any', { 'a.py': '' }],
    ['pyproject.toml only sets up tools', { 'pyproject.toml': '[tool.ruff]\nline-length = 110' }],
    ['a deeper pyproject.toml is another project', { 'lib/pyproject.toml': PROJECT }],
  ])('it is fine where %s', (_, files) => {
    expect(check(files)).not.toThrow()
  })
})

test('the one at the root wins', () => {
  expect(check({ 'requirements.txt': '', 'pyproject.toml': PROJECT, 'a/requirements.txt': '' })).not.toThrow()
})
