import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { GIT_FOLDER, temporaryFolder, temporaryTree } from '../../test/test-tree.ts'
import type { Source } from '../options.ts'
import { listEntries } from './collect.ts'

async function list(source: Source, allowSecrets: string[] = []): Promise<string[]> {
  const { entries } = await listEntries(source, { fileName: 'e.tar.gz' }, { allowSecrets })
  return entries.filter(({ isAdded }) => !isAdded).map(({ path }) => path)
}

describe('a link in a folder is judged by what it leads to', () => {
  test('as .gitignore has it, through folders and other links', async () => {
    const dir = temporaryTree({
      ...GIT_FOLDER,
      '.gitignore': 'secret.txt\nprivate/\nreal/no.txt\n',
      'secret.txt': '',
      'private/s.txt': '',
      'real/a.py': '',
      'real/no.txt': '',
      'real/deep/.gitignore': 'b.py',
      'real/deep/b.py': '',
      'real/deep/c.py': '',
      'pub.txt': { link: 'secret.txt' },
      pub: { link: 'private' },
      again: { link: 'pub.txt' },
      'sub/one.txt': { link: '../private/s.txt' },
      'sub/all': { link: '../real' },
      'sub/b.py': { link: '../real/deep/b.py' },
    })
    expect(await list(dir)).toEqual([
      '.gitignore',
      'real/a.py',
      'real/deep/.gitignore',
      'real/deep/c.py',
      'sub/all/a.py',
      'sub/all/deep/.gitignore',
      'sub/all/deep/c.py',
    ])
    expect(await list({ dir, include: ['pub.txt'] })).toContain('pub.txt')
    expect(await list({ dir, include: ['pub.txt'], exclude: ['secret.txt'] })).not.toContain('pub.txt')
  })

  test('as exclude has it', async () => {
    const dir = temporaryTree({
      'a.py': '',
      's.txt': '',
      'p.txt': { link: 's.txt' },
      d: { link: 'e' },
      'e/x': '',
    })
    expect(await list({ dir, exclude: ['s.txt', 'e'] })).toEqual(['a.py'])
  })

  test('as the names of secrets have it', async () => {
    const dir = temporaryTree({ 'a.py': '', '.aws/config': '', 'aws.txt': { link: '.aws/config' } })
    expect(await list(dir)).toEqual(['a.py'])
  })
})

describe('a link that a map of files names', () => {
  const project = (): string =>
    temporaryTree({ ...GIT_FOLDER, '.env': '', 'assets/x.bin': '', 'dist/a.js': '' })
  const at = (dir: string, target: string): Source => {
    symlinkSync(target, join(dir, 'dist/settings.txt'))
    return { files: { 'settings.txt': { path: join(dir, 'dist/settings.txt') } } }
  }

  test.each([
    ['../.env', 'FW_SECRET', /^settings\.txt, a link to .*\.env, looks like a secret/],
    [
      '/etc/passwd',
      'FW_SOURCE',
      /^settings\.txt is a symbolic link to .*passwd, which is outside the project/,
    ],
    ['nowhere', 'FW_SOURCE', /^settings\.txt is a symbolic link to nowhere, which does not exist/],
  ])('to %s is %s', async (target, code, message) => {
    await expect(list(at(project(), target))).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    })
  })

  test('goes in where it stays within the project', async () => {
    expect(await list(at(project(), '../assets/x.bin'))).toEqual(['settings.txt'])
  })
})

describe('allowSecrets', () => {
  const tree = { 'a.py': '', 'tests/fixtures/id_rsa': '', 'tests/fixtures/.aws/config': '', 'src/id_rsa': '' }

  test('lets in what it names, and nothing else', async () => {
    const dir = temporaryTree(tree)
    expect(await list(dir, ['tests/fixtures/**'])).toEqual([
      'a.py',
      'tests/fixtures/.aws/config',
      'tests/fixtures/id_rsa',
    ])
    expect(await list(dir, ['tests/fixtures/.aws/config'])).toEqual(['a.py', 'tests/fixtures/.aws/config'])
    expect(await list({ files: { 'tests/.env': '' } }, ['tests/**'])).toEqual(['tests/.env'])
    await expect(list({ files: { '.git/config': '' } }, ['**'])).rejects.toMatchObject({ code: 'FW_SECRET' })
  })
})

describe('it is said', () => {
  async function warnings(source: Source): Promise<string[]> {
    const said: string[] = []
    const logger = { info() {}, warn: (message: string) => said.push(message) }
    await listEntries(source, { fileName: 'e.tar.gz' }, { logger })
    return said
  }

  test('which pattern matches nothing, and none that might', async () => {
    const dir = temporaryTree({ 'a.py': '', 'b/c.py': '', 'node_modules/x.js': '', '.env': '' })
    const exclude = ['nope', '[id]', 'b/**', 'node_modules', '**/*.pyc', '.env', 'x/*.py']
    expect(await warnings({ dir, exclude, include: ['a.py', 'no/**'] })).toEqual([
      `\`include\` names no/**, which matches nothing in ${dir}.`,
      `\`exclude\` names nope, which matches nothing in ${dir}.`,
      `\`exclude\` names [id], which matches nothing in ${dir}.`,
      `\`exclude\` names x/*.py, which matches nothing in ${dir}.`,
    ])
  })

  test('not where a folder has the very name', async () => {
    const dir = temporaryTree({ 'a.py': '', 'app/[id]/f.py': '', 'app/i/f.py': '', '(x)/g.py': '' })
    for (const exclude of [
      ['app/[id]', '(x)'],
      ['app/[id]/**', '(x)/*.py'],
    ]) {
      expect(await list({ dir, exclude })).toEqual(['a.py', 'app/i/f.py'])
      expect(await warnings({ dir, exclude })).toEqual([])
    }
  })
})

test('a folder or file called .git that is no repository is none: the rules above hold', async () => {
  const dir = temporaryTree({
    ...GIT_FOLDER,
    '.gitignore': 's.txt',
    'sub/a.py': '',
    'sub/s.txt': '',
    'sub/f/s.txt': '',
  })
  mkdirSync(join(dir, 'sub/.git'))
  writeFileSync(join(dir, 'sub/f/.git'), '')
  expect(await list(join(dir, 'sub'))).toEqual(['a.py'])
  const alone = temporaryFolder()
  writeFileSync(join(alone, 'a.py'), '')
  writeFileSync(join(alone, '.git'), '')
  expect(await list(alone)).toEqual(['a.py'])
})
