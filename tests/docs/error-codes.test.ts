import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { ROOT } from './markdown.ts'

const source = readFileSync(`${ROOT}packages/evaluator-core/src/errors.ts`, 'utf8')
const [, union = ''] = /export type ErrorCode =([^\n]*(?:\n\s*\|[^\n]*)*)/.exec(source) ?? []
const codes = [...union.matchAll(/'(FW_[A-Z_]+)'/g)].map(([, code]) => code)

const page = readFileSync(`${ROOT}docs/errors.md`, 'utf8')
const explained = [...page.matchAll(/^## `(FW_[A-Z_]+)`/gm)].map(([, code]) => code)

test('the codes are read', () => {
  expect(codes).toContain('FW_NETWORK')
  expect(codes.length).toBeGreaterThan(10)
})

test('docs/errors.md has every code, and no other', () => {
  // FW_PLUGIN is from the plugins, for errors that are not from core.
  expect(explained.toSorted()).toEqual([...codes, 'FW_PLUGIN'].sort())
})
