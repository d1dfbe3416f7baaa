import { describe, expect, test } from 'vitest'
import { blocksOf, readPages } from './markdown.ts'
import { commandsOf, problemOf } from './shell.ts'

const blocks = readPages()
  .flatMap(blocksOf)
  .filter(({ lang }) => lang === 'sh')

describe('commands and their flags exist', () => {
  test.each(blocks.map((block) => [block.where, block] as const))('%s', (_, block) => {
    const commands = commandsOf(block)
    expect(commands.length).toBeGreaterThan(0)
    const problems = commands.flatMap((command) => problemOf(command) ?? [])
    expect(problems).toEqual([])
  })
})

test.each([
  ['fw-evaluator upload dist --id a --wat', /has no --wat/],
  ['fw-evaluator uplaod dist', /no command "uplaod"/],
  ['npx -y pnpm@12.21.0 tset', /no script "tset"/],
  ['npx -y pnpm@9.0.0 test', /pnpm is pnpm@/],
  ['npm install --save-dev @fw/vite-plugn', /no such package/],
  ['FOO=1 frobnicate --all', /program "frobnicate"/],
])('%s is refused', (code, problem) => {
  const [command] = commandsOf({ where: '', lang: 'sh', marks: [], code })
  expect(command && problemOf(command)).toMatch(problem)
})

test('a continued line is one command, and a chain is several', () => {
  const code = 'A=1 fw-evaluator upload . \\\n  --id a # why\ncd x && npm install vite > log'
  const commands = commandsOf({ where: '', lang: 'sh', marks: [], code })
  expect(commands.map(({ program, args }) => [program, ...args].join(' '))).toEqual([
    'fw-evaluator upload . --id a',
    'cd x',
    'npm install vite',
  ])
})
