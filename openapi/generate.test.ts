import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { targets } from './generate.ts'

test.each(Object.entries(targets))('%s is what the OpenAPI document says today', async (name, generate) => {
  expect(await readFile(new URL(`./generated/${name}`, import.meta.url), 'utf8')).toBe(await generate())
})
