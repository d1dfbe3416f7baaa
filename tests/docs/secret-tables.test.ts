import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { ROOT } from './markdown.ts'
import { areSame } from './options-table.ts'
import { withSecretTables } from './secret-tables.ts'

test('the three tables in SECURITY.md match the rules (`pnpm --filter @fw-tests/docs generate`)', () => {
  const text = readFileSync(`${ROOT}SECURITY.md`, 'utf8')
  expect(text.match(/<!-- secrets:\w+ -->/g)).toHaveLength(3)
  expect(areSame(withSecretTables(text), text)).toBe(true)
})
