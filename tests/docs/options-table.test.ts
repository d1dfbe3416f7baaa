import { expect, test } from 'vitest'
import { DEFAULTS } from '../../packages/evaluator-core/src/options.ts'
import { readPages } from './markdown.ts'
import { areSame, readOptions, withTables } from './options-table.ts'

const reader = readOptions()
const pages = readPages()

test('the tables of options match the types; `pnpm --filter @fw-tests/docs generate` renews them', () => {
  const stale = pages.filter(({ text }) => !areSame(withTables(text, reader), text))
  expect(stale.map(({ path }) => path)).toEqual([])
})

test('docs/options.md has every option of core and of the plugins, once', () => {
  const page = pages.find(({ path }) => path === 'docs/options.md')?.text ?? ''
  const tables = [
    ...page.matchAll(/<!-- options: (?:shared|core|plugins) -->\n([\s\S]*?)<!-- \/options -->/g),
  ]
  const named = tables.flatMap(([, table = '']) =>
    [...table.matchAll(/^\| `([\w.]+)`/gm)].map(([, name]) => name),
  )
  const known = [...reader.rows('UploadOptions'), ...reader.rows('PluginOptions')].map(({ name }) => name)
  expect(named.toSorted()).toEqual([...new Set(known)].sort())
})

test('text between two tables stays', () => {
  const text =
    '<!-- options: WaitOptions -->\n<!-- /options -->\nkept\n<!-- options: RetryOptions -->\n<!-- /options -->'
  const renewed = withTables(text, reader)
  expect(renewed).toMatch(/`intervalMs`[\s\S]*\nkept\n[\s\S]*`baseDelayMs`/)
})

test('a changed comment makes a table stale', () => {
  const stale = '<!-- options: WaitOptions -->\nold\n<!-- /options -->'
  const renewed = withTables(stale, reader)
  expect(renewed).toContain('`timeoutMs`')
  expect(areSame(renewed, stale)).toBe(false)
})

test.each(['UploadOptions', 'PackOptions', 'PluginOptions'])('every row of %s has a meaning', (type) => {
  const silent = reader.rows(type).filter(({ meaning }) => meaning === '')
  expect(silent.map(({ name }) => name)).toEqual([])
})

test('the documented defaults are the real ones', () => {
  const documented = Object.fromEntries(reader.rows('UploadOptions').map((row) => [row.name, row.byDefault]))
  for (const group of ['retry', 'timeouts', 'wait'] as const) {
    for (const [name, value] of Object.entries(DEFAULTS[group])) {
      const text = documented[`${group}.${name}`] ?? ''
      expect(Number(text.replace(/ .*/, '').replaceAll('_', '')), `${group}.${name}`).toBe(value)
    }
  }
  expect(documented.baseUrl).toContain(DEFAULTS.baseUrl)
})
