import { existsSync, statSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path/posix'
import { describe, expect, test } from 'vitest'
import { anchorsOf, blocksOf, linksOf, type Page, ROOT, readPages } from './markdown.ts'

const pages = readPages()
const byPath = new Map(pages.map((page) => [page.path, page]))

/** The problem of a link, or undefined. Links to other sites are parsed, not fetched. */
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

// GitHub's column of 838 px has room for this many monospaced letters of 13.6 px.
const COLUMNS = 98

test(`GitHub shows code blocks without a scroll bar: no line is longer than ${COLUMNS} characters`, () => {
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

test('the usual pages of a repository exist', () => {
  const owed = [
    'README.md',
    'CONTRIBUTING.md',
    'SECURITY.md',
    'CODE_OF_CONDUCT.md',
    'docs/architecture.md',
    'docs/ci.md',
    'docs/compared.md',
    'docs/errors.md',
    'docs/frameworks.md',
    'docs/options.md',
    'docs/service.md',
  ]
  expect(owed.filter((path) => !byPath.has(path))).toEqual([])
})

describe('links lead to existing files and headings', () => {
  test.each(pages.map((page) => [page.path, page] as const))('%s', (_, page) => {
    const broken = linksOf(page).flatMap(({ where, url }) => {
      const problem = problemOf(url, page)
      return problem ? [`${where}: ${url} ${problem}`] : []
    })
    expect(broken).toEqual([])
  })
})

test('a broken link is found', () => {
  const page = byPath.get('README.md')
  if (!page) throw new Error('README.md is missing')
  expect(problemOf('docs/nothing.md', page)).toMatch(/does not exist/)
  expect(problemOf('#no-such-heading', page)).toMatch(/which README\.md has not/)
  expect(problemOf('../elsewhere', page)).toBe('leaves the repository')
  expect(problemOf('http://example.com', page)).toBe('is not https')
})
