import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Tree, writeTree } from '../../test/test-tree.ts'
import { listEntries } from './collect.ts'

const NAMES = [
  'a',
  'b',
  'ab',
  'abc',
  'foo',
  'foo.js',
  'x.map',
  'ä',
  '[a]',
  'a b',
  '-',
  '!a',
  '#a',
  'dist',
  '*',
  'a\\b',
  'Foo',
  'AB',
]
const folder = fc.constantFrom('a', 'b', 'ab', 'foo', 'dist', 'ä')
const path = fc
  .tuple(fc.array(folder, { maxLength: 3 }), fc.constantFrom(...NAMES))
  .map(([folders, name]) => [...folders, name].join('/'))

const piece = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...NAMES, 'a', 'b', 'foo', 'dist') },
  {
    weight: 4,
    arbitrary: fc.constantFrom('*', '**', '?', '***', '*.js', 'a*', '*b', 'a**', '**b', 'f*o', 'a?c', '??'),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      '[ab]',
      '[!a]',
      '[^a-c]*',
      '[a-',
      '[]a]',
      '[[:alpha:]]*',
      '[[:alpha]',
      '[[:foo:]]',
      '[\\a]',
      '[b-a]',
      '[a-\\c]bc',
      '[--0]',
      '\\a',
      '\\*',
      'a\\',
      '\\[a]',
      '[/]',
      '[!/]b',
      '[a-]',
      '[[-b]a',
    ),
  },
)
const line = fc
  .record({
    before: fc.constantFrom('', '', '', '!', '!', '/', '!/', '\\', '#', ' ', '//', '**/'),
    pieces: fc.array(piece, { minLength: 1, maxLength: 3 }),
    after: fc.constantFrom('', '', '', '/', '/', '/**', '/*', ' ', '\\ ', '\r', '  ', '//', '\\ \\ ', '/ '),
    join: fc.constantFrom('/', '/', ''),
  })
  .map(({ before, pieces, after, join }) => before + pieces.join(join) + after)
const ignoreText = fc.array(line, { minLength: 1, maxLength: 5 }).map((lines) => lines.join('\n'))

/** No path may be both a file and a folder. */
function toTree(paths: readonly string[]): Tree {
  const folders = new Set(
    paths.flatMap((one) => one.split('/').map((_, i, names) => names.slice(0, i).join('/'))),
  )
  return Object.fromEntries(paths.filter((one) => !folders.has(one)).map((one) => [one, '']))
}

const hasGit = (() => {
  try {
    execFileSync('git', ['--version'])
    return true
  } catch {
    return false
  }
})()

const gitFolder = (at: string): Tree => ({
  [`${at}/HEAD`]: 'ref: refs/heads/main\n',
  [`${at}/objects/x`]: '',
  [`${at}/refs/x`]: '',
})

const rulesIn = (...folders: string[]): fc.Arbitrary<Record<string, string>> =>
  fc.dictionary(fc.constantFrom(...folders), ignoreText, { maxKeys: 3 })

/** Where a link stands is no folder of the rules above, so that a link is never in what it leads to. */
const link = fc.record({ name: fc.constantFrom('1', 'a', 'foo', 'x.map'), pick: fc.nat(20) })

const repository = fc.record({
  paths: fc.uniqueArray(path, { minLength: 3, maxLength: 15 }),
  rules: rulesIn('', '', 'a/', 'b/', 'foo/', 'a/b/', 'dist/', 'links/', 'lib/'),
  excluded: fc.option(ignoreText, { nil: '' }),
  source: fc.constantFrom('', '', '', 'a', 'foo'),
  foldsCase: fc.boolean(),
  isWorktree: fc.boolean(),
  links: fc.uniqueArray(link, { maxLength: 3, selector: ({ name }) => name }),
  odd: fc.constantFrom('none', 'folder', 'file'),
  nested: fc.option(
    fc.record({
      /** Of no use below a folder that the outer rules drop, unless git tracks it. */
      isTracked: fc.boolean(),
      paths: fc.uniqueArray(path, { minLength: 2, maxLength: 6 }),
      rules: rulesIn('', 'a/'),
      excluded: fc.option(ignoreText, { nil: '' }),
      foldsCase: fc.boolean(),
    }),
    { freq: 2, nil: undefined },
  ),
})
type Generated = typeof repository extends fc.Arbitrary<infer T> ? T : never

const config = (foldsCase: boolean): string => `[core]\n\tignoreCase = ${foldsCase}\n`
const ignores = (rules: Record<string, string>, at = ''): Tree =>
  Object.fromEntries(Object.entries(rules).map(([folder, text]) => [`${at}${folder}.gitignore`, text]))

/** What each link leads to. */
function targetsOf({ paths, rules, source, links }: Generated): Map<string, string> {
  const files = Object.keys(toTree([...paths, ...Object.keys(ignores(rules)), join(source, 'kept')]))
  return new Map(links.map(({ name, pick }) => [`links/${name}`, files[pick % files.length] ?? 'kept']))
}

/** Writes it below `base`, and returns its root. */
function writeRepository(base: string, generated: Generated): string {
  const { paths, rules, excluded, source, foldsCase, isWorktree, odd, nested } = generated
  const root = join(base, isWorktree ? 'tree' : 'main')
  const common = join(base, 'main/.git')
  const outer = ignores(rules)
  writeTree(root, { ...toTree([...paths, ...Object.keys(outer), join(source, 'kept')]), ...outer })
  writeTree(base, { ...gitFolder('main/.git'), 'main/.git/config': config(foldsCase) })
  writeTree(common, { 'info/exclude': excluded })
  if (isWorktree) {
    writeTree(root, { '.git': 'gitdir: ../main/.git/worktrees/tree\n' })
    writeTree(common, {
      'worktrees/tree/HEAD': 'ref: refs/heads/other\n',
      'worktrees/tree/commondir': '../..\n',
    })
  }
  if (odd !== 'none') {
    mkdirSync(join(root, 'odd'), { recursive: true })
    writeFileSync(join(root, 'odd/x.map'), '')
    if (odd === 'folder') mkdirSync(join(root, 'odd/.git'))
    else writeFileSync(join(root, 'odd/.git'), '')
  }
  if (nested) {
    const inner = ignores(nested.rules)
    writeTree(join(root, 'lib/sub'), {
      ...toTree([...nested.paths, ...Object.keys(inner)]),
      ...inner,
      '.git': `gitdir: ${common}/modules/sub\n`,
    })
    writeTree(join(common, 'modules'), gitFolder('sub'))
    writeTree(join(common, 'modules/sub'), {
      config: config(nested.foldsCase),
      'info/exclude': nested.excluded,
    })
  }
  if (source === '') {
    const links = Array.from(targetsOf(generated), ([name, target]) => [name, { link: `../${target}` }])
    writeTree(root, Object.fromEntries(links))
  }
  return root
}

// Untracked files only, and without the user's own rules: neither has a say here.
test.skipIf(!hasGit)(
  'the files of a generated repository are those that `git ls-files -co --exclude-standard` names',
  async () => {
    const base = mkdtempSync(join(tmpdir(), 'fw-gitignore-'))
    const git = (cwd: string, ...args: string[]): string =>
      execFileSync('git', ['-c', `core.excludesFile=${join(base, 'none')}`, ...args], {
        cwd,
        encoding: 'utf8',
        env: { PATH: process.env.PATH, GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: join(base, 'none') },
      })
    const list = (cwd: string, prefix = ''): string[] =>
      git(cwd, 'ls-files', '-coz', '--exclude-standard')
        .split('\0')
        .filter(Boolean)
        .map((name) => prefix + name)
    let made = 0
    try {
      await fc.assert(
        fc.asyncProperty(repository, async (generated) => {
          const { source, nested } = generated
          const folder = join(base, String(made++))
          mkdirSync(folder)
          const root = writeRepository(folder, generated)
          if (nested?.isTracked) {
            writeTree(root, { '.gitmodules': '[submodule "sub"]\n\tpath = lib/sub\n\turl = ../sub\n' })
            git(root, 'update-index', '--add', '--cacheinfo', `160000,${'1'.repeat(40)},lib/sub`)
          }
          const dir = join(root, source)
          const outer = list(dir)
          // A source that is itself ignored is taken by us and not by git.
          fc.pre(source === '' || outer.length > 0)
          const seesNested = source === '' && outer.some((name) => name.replace(/\/$/, '') === 'lib/sub')
          const inner = nested && seesNested ? list(join(root, 'lib/sub'), 'lib/sub/') : []
          const all = new Set([...outer.filter((name) => name.replace(/\/$/, '') !== 'lib/sub'), ...inner])
          // Of a link git knows the name only; to us it is what it leads to, if that may go in.
          const targets = targetsOf(generated)
          const expected = [...all].filter((name) => all.has(targets.get(name) ?? name))
          const ours = await listEntries(dir, { fileName: 'none' }).then(
            ({ entries }) => entries.filter(({ isAdded }) => !isAdded).map((entry) => entry.path),
            () => [],
          )
          expect(ours.toSorted()).toEqual(expected.toSorted())
          rmSync(folder, { recursive: true })
        }),
        { numRuns: Number(process.env.FW_TEST_RUNS ?? 200) },
      )
    } finally {
      rmSync(base, { recursive: true, force: true })
    }
  },
  Number(process.env.FW_TEST_RUNS ?? 200) * 300,
)
