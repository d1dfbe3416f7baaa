import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { GIT_FOLDER, type Tree, temporaryTree, writeTree } from '../../test/test-tree.ts'
import type { Source } from '../options.ts'
import { listEntries } from './collect.ts'
import { matchFiles } from './folder.ts'

const own = { fileName: 'e.tar.gz' }

async function list(source: Source): Promise<string[]> {
  const { entries } = await listEntries(source, own)
  return entries.map(({ path }) => path).filter((path) => path !== 'requirements.txt')
}

async function leftOut(source: Source): Promise<Record<string, readonly string[]>> {
  const listed = await listEntries(source, own)
  return Object.fromEntries(listed.leftOut.map(({ rule, paths }) => [rule, paths]))
}

const rejection = (message: RegExp, hint = /./): object => ({
  code: 'FW_SOURCE',
  message: expect.stringMatching(message),
  hint: expect.stringMatching(hint),
})

describe('a folder', () => {
  test('goes in whole, sorted, with an empty requirements.txt where there is none', async () => {
    const dir = temporaryTree({
      'b.py': '',
      'a/z.js': '',
      'dist/x.js': '',
      'build/x': '',
      'vendor/x': '',
      '.hidden': '',
    })
    const { entries } = await listEntries(dir, own)
    expect(entries.map(({ path }) => path)).toEqual([
      '.hidden',
      'a/z.js',
      'b.py',
      'build/x',
      'dist/x.js',
      'requirements.txt',
      'vendor/x',
    ])
    expect(entries[5]?.content).toEqual(new Uint8Array())
  })

  test('may be named by a relative path or a link', async () => {
    const dir = temporaryTree({ 'real/a.py': '', link: { link: 'real' } })
    expect(await list(join(dir, 'link'))).toEqual(['a.py'])
    expect(await list(join(dir, 'real', '..', 'real'))).toEqual(['a.py'])
  })

  const NEVER: Record<string, { in: string[]; named: string[] }> = {
    '.git': { in: ['.git/config', 'sub/.git'], named: ['.git/', 'sub/.git'] },
    node_modules: {
      in: ['node_modules/a/b.js', 'x/node_modules/c.js'],
      named: ['node_modules/', 'x/node_modules/'],
    },
    'virtual environment': {
      in: ['.venv/bin/python', 'venv/x', 'my-env/pyvenv.cfg', 'my-env/lib/x.py'],
      named: ['.venv/', 'my-env/', 'venv/'],
    },
    'Python cache': {
      in: ['__pycache__/a.pyc', 'a.pyc', '.pytest_cache/x', '.mypy_cache/x', '.ruff_cache/x', '.tox/x'],
      named: ['.mypy_cache/', '.pytest_cache/', '.ruff_cache/', '.tox/', '__pycache__/', 'a.pyc'],
    },
    '.env files': {
      in: ['.env', '.env.local', '.env.example', '.envrc', 'a/.ENV'],
      named: ['.env', '.env.example', '.env.local', '.envrc', 'a/.ENV'],
    },
    'private key': {
      in: ['id_rsa', 'id_ed25519', 'tls.key', 'cert.p12', 'cert.pfx', 'secret.pem'],
      named: ['cert.p12', 'cert.pfx', 'id_ed25519', 'id_rsa', 'tls.key', 'secret.pem'],
    },
    credentials: {
      in: [
        '.npmrc',
        '.netrc',
        '.pypirc',
        'auth.ini',
        'credentials.json',
        'service-account-1.json',
        '.aws/config',
      ],
      named: [
        '.aws/',
        '.netrc',
        '.npmrc',
        '.pypirc',
        'auth.ini',
        'credentials.json',
        'service-account-1.json',
      ],
    },
    'left by tests': {
      in: ['.coverage', 'htmlcov/index.html'],
      named: ['.coverage', 'htmlcov/'],
    },
    'left by an editor': { in: ['.idea/x.xml', '.a.py.swp'], named: ['.a.py.swp', '.idea/'] },
    'left by ep upload': { in: ['.ep_tmp/y.txt'], named: ['.ep_tmp/'] },
    'file of the operating system': { in: ['.DS_Store', 'Thumbs.db'], named: ['.DS_Store', 'Thumbs.db'] },
    'own archive': {
      in: ['e.tar.gz', '.e.tar.gz.0123456789ab.partial'],
      named: ['.e.tar.gz.0123456789ab.partial', 'e.tar.gz'],
    },
  }
  test.each(Object.keys(NEVER))('never holds: %s, whatever include says', async (rule) => {
    const paths = NEVER[rule]?.in ?? []
    const pem = '-----BEGIN RSA PRIVATE KEY-----\n'
    const dir = temporaryTree({ ...Object.fromEntries(paths.map((path) => [path, pem])), 'main.py': '' })
    for (const source of [dir, { dir, include: ['**', ...paths] }, { dir, gitignore: false }]) {
      expect(await list(source)).toEqual(['main.py'])
      expect(await leftOut(source)).toEqual({ [rule]: NEVER[rule]?.named })
    }
    expect(await matchFiles(dir, ['**'])).toEqual(
      rule === 'own archive' ? ['e.tar.gz', 'main.py'] : ['main.py'],
    )
  })

  test('keeps what only looks like a secret', async () => {
    const paths = ['ca.pem', 'environment.py', 'id_rsa.pub', 'keys.py', 'tokenizer.json', 'x.env.py']
    const dir = temporaryTree(Object.fromEntries(paths.map((path) => [path, '-----BEGIN CERTIFICATE-----'])))
    expect(await list(dir)).toEqual(paths)
  })

  test('names a hundred of what it leaves out, and counts all', async () => {
    const tree = Object.fromEntries(Array.from({ length: 130 }, (_, i) => [`${i}.pyc`, '']))
    const listed = await listEntries(temporaryTree({ ...tree, a: '' }), own)
    expect(listed.leftOut[0]?.paths).toHaveLength(100)
    expect(listed.leftOut[0]?.count).toBe(130)
  })
})

describe('.gitignore', () => {
  const tree: Tree = {
    ...GIT_FOLDER,
    '.gitignore': 'dist\n*.log\n',
    'dist/scorer.js': '',
    'dist/scorer.js.map': '',
    'dist/.env': '',
    'main.py': '',
    'x.log': '',
    'pkg/.gitignore': '!x.log',
    'pkg/x.log': '',
    'pkg/main.py': '',
  }

  test('drops what it drops, and says so', async () => {
    const dir = temporaryTree(tree)
    expect(await list(dir)).toEqual(['.gitignore', 'main.py', 'pkg/.gitignore', 'pkg/main.py', 'pkg/x.log'])
    expect((await leftOut(dir))['.gitignore']).toEqual(['dist/', 'x.log'])
  })

  test('is disregarded with gitignore: false', async () => {
    const dir = temporaryTree(tree)
    expect(await list({ dir, gitignore: false })).toContain('dist/scorer.js.map')
  })

  test.each([
    [['dist'], ['dist/scorer.js', 'dist/scorer.js.map']],
    [['dist/'], ['dist/scorer.js', 'dist/scorer.js.map']],
    [['./dist/*.js'], ['dist/scorer.js']],
    [['**/*.map'], ['dist/scorer.js.map']],
    [['x.log'], ['x.log']],
    [['nothing/**'], []],
  ])('is overruled by include: %j', async (include, more) => {
    const dir = temporaryTree(tree)
    const before = await list(dir)
    const after = await list({ dir, include })
    expect(after.filter((path) => !before.includes(path))).toEqual(more)
    expect(before.filter((path) => !after.includes(path))).toEqual([])
  })

  test('and include are overruled by exclude', async () => {
    const dir = temporaryTree(tree)
    const source = { dir, include: ['dist'], exclude: ['**/*.map', 'pkg', '.gitignore'] }
    expect(await list(source)).toEqual(['dist/scorer.js', 'main.py'])
    expect((await leftOut(source)).exclude).toEqual(['.gitignore', 'dist/scorer.js.map', 'pkg/'])
  })

  test('of parents holds, as does info/exclude, also where .git is a file', async () => {
    const dir = temporaryTree({ ...tree, '.git/info/exclude': 'pkg/main.py\n' })
    expect(await list(join(dir, 'pkg'))).toEqual(['.gitignore', 'x.log'])
    writeTree(dir, {
      'tree/.git': 'gitdir: ../.git/worktrees/tree\n',
      '.git/worktrees/tree/commondir': '../..\n',
      '.git/worktrees/tree/HEAD': 'ref: refs/heads/other\n',
      'tree/pkg/main.py': '',
      'tree/pkg/b.py': '',
      'tree/x.log': '',
    })
    expect(await list(join(dir, 'tree'))).toEqual(['pkg/b.py', 'x.log'])
  })

  test('that drops the source itself is disregarded: the folder was named', async () => {
    const dir = temporaryTree(tree)
    expect(await list(join(dir, 'dist'))).toEqual(['scorer.js', 'scorer.js.map'])
  })
})

describe('a symbolic link', () => {
  test('counts as what it points to inside of the source', async () => {
    const dir = temporaryTree({
      'real/a.py': 'x',
      'real/deep/b.py': 'y',
      'file.py': { link: 'real/a.py' },
      folder: { link: './real' },
      'sub/up.py': { link: '../real/a.py' },
    })
    expect(await list(dir)).toEqual([
      'file.py',
      'folder/a.py',
      'folder/deep/b.py',
      'real/a.py',
      'real/deep/b.py',
      'sub/up.py',
    ])
  })

  test('to what never goes in stays out too', async () => {
    const dir = temporaryTree({
      '.env': 'KEY=1',
      'node_modules/a.js': '',
      'a.py': '',
      'e.txt': { link: '.env' },
      n: { link: 'node_modules' },
    })
    expect(await list(dir)).toEqual(['a.py'])
    expect(await leftOut(dir)).toMatchObject({
      '.env files': ['.env', 'e.txt'],
      node_modules: ['n/', 'node_modules/'],
    })
  })

  test.each([
    ['dangling', { l: { link: 'nowhere' } }, /^l is a symbolic link to nowhere, which does not exist/],
    [
      'pointing outside',
      { 'a/l': { link: '../..' } },
      /^a\/l is a symbolic link to .*, which is outside the source/,
    ],
    ['pointing at itself', { l: { link: 'l' } }, /^l is a symbolic link to .*loop/],
    [
      'pointing at a folder it is in',
      { 'a/b/l': { link: '..' } },
      /^a\/b\/l is a symbolic link to .*a, .*loop/,
    ],
    ['pointing at the source', { 'a/l': { link: '..' } }, /^a\/l is a symbolic link to .*loop/],
    ['one of two that hold each other', { 'a/x': { link: '../b' }, 'b/y': { link: '../a' } }, /loop/],
  ] satisfies [string, Tree, RegExp][])('%s is an error', async (_, tree, message) => {
    const dir = temporaryTree({ 'main.py': '', ...tree })
    await expect(list(dir)).rejects.toMatchObject(rejection(message, /exclude/))
  })

  test('that is left out may point anywhere', async () => {
    const dir = temporaryTree({ 'main.py': '', l: { link: '/' } })
    expect(await list({ dir, exclude: ['l'] })).toEqual(['main.py'])
  })
})

describe('an error of its own is', () => {
  test('a source that is missing, a file, or empty', async () => {
    const dir = temporaryTree({ 'a.py': '', 'empty/.env': '', 'ignored/.gitignore': '*' })
    await expect(list(join(dir, 'no'))).rejects.toMatchObject(rejection(/no does not exist/))
    await expect(list(join(dir, 'a.py'))).rejects.toMatchObject(rejection(/a\.py is not a folder/))
    await expect(list(join(dir, 'empty'))).rejects.toMatchObject(
      rejection(/no files to pack \(left out: 1 by \.env files\)/),
    )
    await expect(list(join(dir, 'ignored'))).rejects.toMatchObject(
      rejection(/1 by \.gitignore/, /gitignore: false/),
    )
    await expect(list({ files: {} })).rejects.toMatchObject(rejection(/map of files has no files/))
  })

  test.skipIf(process.platform === 'win32')('a pipe or a device', async () => {
    const dir = temporaryTree({ 'a.py': '' })
    execFileSync('mkfifo', [join(dir, 'pipe')])
    await expect(list(dir)).rejects.toMatchObject(rejection(/^pipe is neither a file nor a folder/))
    await expect(list({ files: { device: { path: '/dev/null' } } })).rejects.toMatchObject(
      rejection(/\/dev\/null, .*no regular file/),
    )
    expect(await list({ dir, exclude: ['pipe'] })).toEqual(['a.py'])
  })

  test.skipIf(process.platform === 'win32' || process.getuid?.() === 0)(
    'a folder that cannot be read',
    async () => {
      const dir = temporaryTree({ 'a.py': '', 'locked/b.py': '' })
      chmodSync(join(dir, 'locked'), 0)
      onTestFinished(() => chmodSync(join(dir, 'locked'), 0o755))
      await expect(list(dir)).rejects.toMatchObject(rejection(/^The folder locked cannot be read/))
    },
  )
})

describe('a map of files', () => {
  test('takes text, bytes and files', async () => {
    const dir = temporaryTree({ 'real.py': 'x' })
    const file = join(dir, 'real.py')
    const { entries } = await listEntries(
      { files: { 'a/b.py': { path: file }, t: 'ä', u: new Uint8Array([1]) } },
      own,
    )
    expect(entries).toEqual([
      { path: 'a/b.py', content: { file } },
      { path: 'requirements.txt', content: new Uint8Array(), isAdded: true },
      { path: 't', content: Buffer.from('ä') },
      { path: 'u', content: new Uint8Array([1]) },
    ])
  })

  test.each(['.env', 'a/.npmrc', 'id_rsa.bak', '.aws/config', '.git/config', 'node_modules/x/.env'])(
    'refuses the secret %s, and names it',
    async (path) => {
      await expect(list({ files: { [path]: '' } })).rejects.toMatchObject({
        code: 'FW_SECRET',
        message: expect.stringContaining(path),
      })
    },
  )

  test('holds what would be clutter in a folder: whoever names it means it', async () => {
    const files = {
      '.idea/a': '',
      'e.tar.gz': '',
      'node_modules/a.js': '',
      'venv/pyvenv.cfg': '',
      'x.pyc': '',
    }
    expect(await list({ files })).toEqual(Object.keys(files))
  })

  test.each(['', '/a', 'a/../b', '../a', './a', 'a//b', 'a/', 'a\\b', 'C:/a', 'C:a'])(
    'refuses the path %j',
    async (path) => {
      await expect(list({ files: { [path]: '' } })).rejects.toMatchObject(
        rejection(/is no path in an archive/),
      )
    },
  )

  test('names the file that is not there', async () => {
    const dir = temporaryTree({ x: '' })
    const missing = list({ files: { a: { path: join(dir, 'gone') } } })
    await expect(missing).rejects.toMatchObject(rejection(/gone, the content of a, does not exist/))
    await expect(list({ files: { a: { path: dir } } })).rejects.toMatchObject(rejection(/is a folder/))
  })
})

test('a secret file does not go in by another name', async () => {
  const pem = `-----BEGIN ${'PRIVATE'} KEY-----`
  const dir = temporaryTree({ 'auth.ini': 'x', 'k.pem': pem, 'link.txt': { link: 'k.pem' }, 'a.py': '' })
  expect(await list(dir)).toEqual(['a.py'])
  await expect(list({ files: { 'cfg.ini': { path: join(dir, 'auth.ini') } } })).rejects.toMatchObject({
    code: 'FW_SECRET',
    message: expect.stringMatching(/^cfg\.ini, the file .*auth\.ini, looks like a secret/),
  })
})

test.skipIf(process.platform !== 'linux')(
  'a name that is not valid UTF-8 is an error of its own',
  async () => {
    const dir = temporaryTree({ 'a.py': '' })
    const folder = Buffer.concat([Buffer.from(join(dir, 'b')), Buffer.from([0xff])])
    mkdirSync(folder)
    await expect(list(dir)).rejects.toMatchObject(rejection(/is not valid UTF-8/, /Rename/))
    expect(await list({ dir, exclude: ['b*/**'] })).toEqual(['a.py'])
    rmdirSync(folder)
  },
)

describe('matchFiles', () => {
  test('finds files by globs without regard to .gitignore, sorted', async () => {
    const dir = temporaryTree({
      '.gitignore': '*',
      'b.py': '',
      'a.py': '',
      'lib/c.py': '',
      'lib/.env': '',
      'requirements.txt': '',
      'node_modules/x.py': '',
    })
    expect(await matchFiles(dir, ['*.py', 'requirements.txt'])).toEqual(['a.py', 'b.py', 'requirements.txt'])
    expect(await matchFiles(dir, ['**/*.py'])).toEqual(['a.py', 'b.py', 'lib/c.py'])
    expect(await matchFiles(dir, ['lib'])).toEqual(['lib/c.py'])
    expect(await matchFiles(dir, ['none.py'])).toEqual([])
    expect(await matchFiles(dir, [])).toEqual([])
  })

  test('reads only folders that a pattern can reach', async () => {
    // A pipe is an error wherever it is seen, and so is a loop.
    const dir = temporaryTree({ 'a.py': '', 'src/b.py': '', 'src/deep/x/loop': { link: '..' } })
    mkdirSync(join(dir, 'other'))
    writeFileSync(join(dir, 'other', 'c.txt'), '')
    expect(await matchFiles(dir, ['*.py', 'src/*.py'])).toEqual(['a.py', 'src/b.py'])
  })

  test.each([
    ['/etc/*', /absolute/],
    ['../x', /leaves the folder/],
    ['!x', /begins with `!`/],
    ['', /empty/],
  ])('refuses the pattern %j', async (pattern, message) => {
    const dir = temporaryTree({ a: '' })
    await expect(matchFiles(dir, [pattern], { option: 'more' })).rejects.toMatchObject({
      code: 'FW_CONFIG',
      message: expect.stringMatching(message),
    })
  })
})
