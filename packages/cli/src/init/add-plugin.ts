import { parse } from '@babel/parser'
import { findEsbuildOptions, findViteOptions, type OptionsObject } from './find-options.ts'

export interface PluginLine {
  bundler: 'vite' | 'esbuild'
  /** Path below the project, for the parser to know its language by. */
  file: string
  evaluatorId: string
  /** Globs of files that go up beside the output. */
  include: readonly string[]
}

/** The package that has the plugin of a bundler. */
export const PLUGINS = { vite: '@fw/vite-plugin', esbuild: '@fw/esbuild-plugin' } as const

/** The two lines, for someone to add by hand. */
export function pluginLines({ bundler, evaluatorId, include }: PluginLine): string[] {
  return [
    `import { fwEvaluator } from '${PLUGINS[bundler]}'`,
    `plugins: [${call(evaluatorId, include, "'")}]`,
  ]
}

/**
 * The config with the plugin in it, and every other character as it was: the parser only says where to insert.
 * `undefined` where that is not plain, as with options that a function puts together.
 */
export function addPlugin(code: string, line: PluginLine): string | undefined {
  const program = parseModule(code, line.file)
  if (!program) return undefined
  const options = line.bundler === 'vite' ? findViteOptions(program) : findEsbuildOptions(program)
  const quote = (code.match(/"/g)?.length ?? 0) > (code.match(/'/g)?.length ?? 0) ? '"' : "'"
  const plugin = call(line.evaluatorId, line.include, quote)
  const insertion = options && insertionInto(options, code, plugin)
  if (!insertion) return undefined
  const imports = program.body.filter(({ type }) => type === 'ImportDeclaration')
  const after = imports.at(-1)?.end ?? 0
  const isTerminated = imports.length === 0 ? /;\s*$/.test(code) : code[after - 1] === ';'
  const statement = `import { fwEvaluator } from ${quote}${PLUGINS[line.bundler]}${quote}${isTerminated ? ';' : ''}`
  const end = code.includes('\r\n') ? '\r\n' : '\n'
  const importText = imports.length === 0 ? `${statement}${end}` : `${end}${statement}`
  const { at, text, until = at } = insertion
  return (
    code.slice(0, after) + importText + code.slice(after, at) + text.replaceAll('\n', end) + code.slice(until)
  )
}

function parseModule(code: string, file: string): ReturnType<typeof parse>['program'] | undefined {
  try {
    const plugins = /\.[cm]?ts$/.test(file) ? (['typescript'] as const) : (['jsx'] as const)
    return parse(code, { sourceType: 'module', plugins: [...plugins] }).program
  } catch {
    return undefined
  }
}

function call(evaluatorId: string, include: readonly string[], quote: string): string {
  const list = include.map((glob) => `${quote}${glob}${quote}`).join(', ')
  return `fwEvaluator({ evaluatorId: ${quote}${evaluatorId}${quote}, include: [${list}] })`
}

interface Insertion {
  at: number
  text: string
  /** End of what the text replaces. */
  until?: number
}

function insertionInto(options: OptionsObject, code: string, plugin: string): Insertion | undefined {
  const plugins = options.properties.find(
    (property) =>
      property.type !== 'SpreadElement' &&
      ((property.key.type === 'Identifier' && property.key.name === 'plugins') ||
        (property.key.type === 'StringLiteral' && property.key.value === 'plugins')),
  )
  if (!plugins) return append(options, options.properties.at(-1), code, `plugins: [${plugin}]`)
  if (plugins.type !== 'ObjectProperty' || plugins.value.type !== 'ArrayExpression') return undefined
  const { value } = plugins
  const last = value.elements.at(-1)
  if (value.elements.length > 0) return append(value, last, code, plugin)
  return { at: (value.start ?? 0) + 1, text: plugin, until: (value.end ?? 0) - 1 }
}

interface Span {
  start?: number | null
  end?: number | null
}

/** Behind the last item of a list, on a line of its own where the items have such. A comma at the end stays one. */
function append(
  list: Span,
  last: Span | null | undefined,
  code: string,
  text: string,
): Insertion | undefined {
  const { start, end } = list
  if (typeof start !== 'number' || typeof end !== 'number') return undefined
  if (typeof last?.start !== 'number' || typeof last.end !== 'number') {
    const indent = indentOf(code, start)
    const unit = indent.startsWith('\t') ? '\t' : '  '
    return { at: start + 1, text: `\n${indent}${unit}${text},\n${indent}`, until: end - 1 }
  }
  const isOnOwnLine = code.slice(last.end, end).includes('\n')
  const gap = isOnOwnLine ? `,\n${indentOf(code, last.start)}` : ', '
  return { at: last.end, text: gap + text }
}

/** White space at the start of the line that has the character `at`. */
function indentOf(code: string, at: number): string {
  const line = code.slice(code.lastIndexOf('\n', at - 1) + 1)
  return /^[ \t]*/.exec(line)?.[0] ?? ''
}
