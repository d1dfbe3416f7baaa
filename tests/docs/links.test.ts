import { existsSync, statSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path/posix'
import { describe, expect, test } from 'vitest'
import { anchorsOf, blocksOf, linksOf, type Page, ROOT, readPages } from './markdown.ts'

const pages = readPages()
const byPath = new Map(pages.map((page) => [page.path, page]))

/** What is wrong with a link, or undefined. Addresses elsewhere are only read, not fetched. */
function problemOf(url: string, page: Page): string | undefined {
  if (/^[a-z][a-z+.-]*:/i.test(url)) {
    if (!URL.canParse(url)) return 'is not a URL'
    return /^(https|mailto):/.test(url) ? undefined : 'is not https'
  }
  const [target = '', fragment] = url.split('#')
  const path = target === '' ? page.path : normalize(join(dirname(page.path), decodeURIComponent(target)))
  if (path.startsWith('..')) return 'leaves the repository'
  if (!existsSync(`${ROOT}${path}`)) return `names ${path}, which does not exist`
  if (fragment === undefined) return undefined
  const other = byPath.get(statSync(`${ROOT}${path}`).isDirectory() ? join(path, 'README.md') : path)
  if (!other) return `has a fragment, but ${path} has no headings`
  return anchorsOf(other).has(fragment) ? undefined : `names #${fragment}, which ${path} has not`
}

// GitHub's column of 838 px has room for so many of its 13.6 px monospaced letters.
const COLUMNS = 98

test(`GitHub shows every code block whole: no line is longer than ${COLUMNS} characters`, () => {
  const own = pages.filter(({ path }) => !path.endsWith('THIRD-PARTY.md'))
  const cut = own.flatMap(blocksOf).flatMap(({ where, code }) =>
    code
      .split('\n')
      .filter((line) => line.length > COLUMNS)
      .map((line) => `${where}: ${line}`),
  )
  expect(cut).toEqual([])
})

test('the README is under 12 kB', () => {
  expect(byPath.get('README.md')?.text.length).toBeLessThan(12_000)
})

test('the pages that a repository owes its readers are there', () => {
  const owed = [
    'README.md',
    'CONTRIBUTING.md',
    'SECURITY.md',
    'CODE_OF_CONDUCT.md',
    'docs/architecture.md',
    'docs/ci.md',
    'docs/compared.md',
    'docs/errors.md',
    'docs/options.md',
    'docs/service.md',
  ]
  expect(owed.filter((path) => !byPath.has(path))).toEqual([])
})

describe('links lead somewhere', () => {
  test.each(pages.map((page) => [page.path, page] as const))('%s', (_, page) => {
    const broken = linksOf(page).flatMap(({ where, url }) => {
      const problem = problemOf(url, page)
      return problem ? [`${where}: ${url} ${problem}`] : []
    })
    expect(broken).toEqual([])
  })
})

test('a link that leads nowhere is found', () => {
  const page = byPath.get('README.md')
  if (!page) throw new Error('README.md is missing')
  expect(problemOf('docs/nothing.md', page)).toMatch(/does not exist/)
  expect(problemOf('#no-such-heading', page)).toMatch(/which README\.md has not/)
  expect(problemOf('../elsewhere', page)).toBe('leaves the repository')
  expect(problemOf('http://example.com', page)).toBe('is not https')
})
