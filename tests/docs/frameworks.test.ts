import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { frameworks } from '../tools/frameworks.ts'
import { libraries } from '../tools/libraries.ts'
import { blocksOf, ROOT, readPages } from './markdown.ts'

const page = readPages().find(({ path }) => path === 'docs/frameworks.md')
if (!page) throw new Error('docs/frameworks.md is missing')
const commands = blocksOf(page).map(({ code }) => code.trim())
const versions: Record<string, Record<string, string>> = JSON.parse(
  readFileSync(`${ROOT}tests/tools/versions.json`, 'utf8'),
)

describe('docs/frameworks.md shows what the lane of real tools runs', () => {
  const delivering = frameworks.filter(({ delivers }) => delivers)
  test.each(delivering.map((tool) => [tool.name, tool] as const))(
    '%s',
    (_, { build, delivers, excludes }) => {
      const recipe = [
        `npx ${build.join(' ')}`,
        `cp evaluator.py requirements.txt ${delivers}/`,
        `npx fw-evaluator upload ${delivers}${excludes ? ` --exclude ${excludes}` : ''} --id my-evaluator`,
      ]
      expect(commands).toContain(recipe.join('\n'))
    },
  )
})

test('its table has every tool of the lane, at the version that the lane installs', () => {
  const missing = [...libraries, ...frameworks].filter(({ name }) => {
    const [version] = Object.values(versions[name.split(',')[0] ?? ''] ?? {})
    return !page.text
      .split('\n')
      .some((line) => line.startsWith(`| ${name} `) && line.includes(` ${version} `))
  })
  expect(missing.map(({ name }) => name)).toEqual([])
})
