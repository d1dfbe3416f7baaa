import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { generateDocument } from '../scripts/generate-document.ts'

test('generated/document.ts is what openapi/evaluators.yaml says today', async () => {
  expect(await readFile(new URL('./generated/document.ts', import.meta.url), 'utf8')).toBe(
    await generateDocument(),
  )
})
