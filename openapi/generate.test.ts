import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { generate, targets } from './generate.ts'

test.each(targets)('%s is what the OpenAPI document says today', async (target) => {
  expect(await readFile(target, 'utf8')).toBe(await generate())
})
