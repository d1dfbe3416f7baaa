import { describe, expect, test } from 'vitest'
import { diagnose } from './compile.ts'
import { type Block, blocksOf, readPages } from './markdown.ts'

const blocks = readPages()
  .flatMap(blocksOf)
  .filter(({ lang }) => lang === 'ts' || lang === 'js')
const wrong: Block = {
  where: 'nowhere',
  lang: 'ts',
  marks: [],
  code: "import { fwEvaluator } from '@fw/vite-plugin'\nfwEvaluator({ evaluatorID: 'a' })",
}
const problems = diagnose([...blocks, wrong])

describe('TypeScript and JavaScript blocks compile under strict settings', () => {
  test.each(blocks.map((block) => [block.where, block] as const))('%s', (_, block) => {
    expect(problems.get(block)).toEqual([])
  })
})

test('a misspelt option is found', () => {
  expect(problems.get(wrong)?.join()).toMatch(/evaluatorID/)
})
