import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Tree, writeTree } from '../../test/test-tree.ts'
import { listEntries } from './collect.ts'
import { isIgnored, parseIgnoreFile } from './gitignore.ts'

describe('a single rule', () => {
  test.each([
    ['foo', 'foo', true],
    ['foo', 'a/foo', true],
    ['/foo', 'a/foo', false],
    ['a/foo', 'b/a/foo', false],
    ['*.map', 'dist/x.js.map', true],
    ['a/*.map', 'a/b/x.map', false],
    ['a/**/x', 'a/x', true],
    ['a/**/x', 'a/b/c/x', true],
    ['**/x', 'x', true],
    ['a/**', 'a', false],
    ['a?c', 'abc', true],
    ['?', 'ä', false],
    ['??', 'ä', true],
    ['[!a-c]', 'd', true],
    ['[!a-c]', 'b', false],
    ['[]x]', ']', true],
    ['[[:digit:]]', '5', true],
    ['[[:nonsense:]]', '5', false],
    ['[ab', 'a', false],
    [String.raw`\#x`, '#x', true],
    ['#x', '#x', false],
    [String.raw`\!x`, '!x', true],
    ['x  ', 'x', true],
    [String.raw`x\ `, 'x ', true],
    ['x\r', 'x', true],
    ['\uFEFFx', 'x', true],
    ['foo/', 'foo', false],
    ['', 'x', false],
    ['/', 'x', false],
  ])('%j on the file %j: %s', (pattern, path, expected) => {
    expect(isIgnored([parseIgnoreFile(pattern, '')], path, false)).toBe(expected)
  })

  test('that ends in a slash means folders only', () => {
    expect(isIgnored([parseIgnoreFile('foo/', '')], 'a/foo', true)).toBe(true)
  })

  test('the last line that matches wins, and the nearest file', () => {
    const root = parseIgnoreFile('*.log\n!keep.log', '')
    expect(isIgnored([root], 'keep.log', false)).toBe(false)
    expect(isIgnored([root, parseIgnoreFile('keep.log', 'a/')], 'a/keep.log', false)).toBe(true)
    expect(isIgnored([root, parseIgnoreFile('keep.log', 'a/')], 'b/keep.log', false)).toBe(false)
  })
})

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

// Untracked files only, and without the user's own rules: neither has a say here.
test.skipIf(!hasGit)(
  'the files of a generated repository are those that `git ls-files -co --exclude-standard` names',
  async () => {
    const repository = fc.record({
      paths: fc.uniqueArray(path, { minLength: 3, maxLength: 15 }),
      rules: fc.dictionary(fc.constantFrom('', '', 'a/', 'b/', 'foo/', 'a/b/', 'dist/'), ignoreText, {
        maxKeys: 3,
      }),
      excluded: fc.option(ignoreText, { nil: '' }),
      source: fc.constantFrom('', '', 'a', 'foo'),
    })
    const base = mkdtempSync(join(tmpdir(), 'fw-gitignore-'))
    const git = (cwd: string, ...args: string[]): string =>
      execFileSync(
        'git',
        ['-c', `core.excludesFile=${join(base, 'none')}`, '-c', 'core.ignoreCase=false', ...args],
        {
          cwd,
          encoding: 'utf8',
        },
      )
    let made = 0
    try {
      await fc.assert(
        fc.asyncProperty(repository, async ({ paths, rules, excluded, source }) => {
          const root = join(base, String(made++))
          const ignores = Object.fromEntries(
            Object.entries(rules).map(([at, text]) => [`${at}.gitignore`, text]),
          )
          const all = toTree([...paths, ...Object.keys(ignores), join(source, 'kept')])
          writeTree(root, { ...all, ...ignores, '.git/HEAD': 'ref: refs/heads/main\n' })
          writeTree(root, { '.git/info/exclude': excluded, '.git/config': '' })
          mkdirSync(join(root, '.git/objects'))
          mkdirSync(join(root, '.git/refs'))
          const dir = join(root, source)
          const listed = git(dir, 'ls-files', '-coz', '--exclude-standard').split('\0').filter(Boolean)
          // A source that is itself ignored is taken by us and not by git.
          fc.pre(source === '' || listed.length > 0)
          const ours = await listEntries(dir, { fileName: 'none' }).then(
            ({ entries }) => entries.map((entry) => entry.path).filter((one) => one !== 'requirements.txt'),
            () => [],
          )
          expect(ours.toSorted()).toEqual(listed.toSorted())
          rmSync(root, { recursive: true })
        }),
        { numRuns: Number(process.env.FW_TEST_RUNS ?? 200) },
      )
    } finally {
      rmSync(base, { recursive: true, force: true })
    }
  },
  60_000,
)
