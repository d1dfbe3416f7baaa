import ts from 'typescript'
import { ROOT } from './markdown.ts'

/** The files with the options; their comments are the documentation. */
const SOURCES = ['packages/evaluator-core/src/options.ts', 'packages/unplugin/src/core/options.ts']

/** Options that are objects. Each of their options is a row: `retry.attempts`. */
const NESTED: Readonly<Record<string, readonly string[]>> = {
  source: ['SourceDir', 'SourceFiles'],
  evaluator: ['EvaluatorFields'],
  wait: ['WaitOptions'],
  retry: ['RetryOptions'],
  timeouts: ['TimeoutOptions'],
}

/** One option, read from its declaration. */
interface OptionRow {
  readonly name: string
  readonly type: string
  /** The text of `@default`. */
  readonly byDefault: string
  readonly meaning: string
  /** Whether its declaration has no `?`. */
  readonly isRequired: boolean
}

/** Reads the options of exported types from the sources. */
export interface OptionReader {
  rows(type: string): OptionRow[]
}

export function readOptions(): OptionReader {
  const program = ts.createProgram(
    SOURCES.map((path) => `${ROOT}${path}`),
    {
      target: ts.ScriptTarget.ESNext,
      module: ts.ModuleKind.NodeNext,
      strict: true,
      exactOptionalPropertyTypes: true,
      allowImportingTsExtensions: true,
      noEmit: true,
      skipLibCheck: true,
      types: [],
      // The sources, not an earlier build.
      paths: {
        '@fw/evaluator-core': [`${ROOT}packages/evaluator-core/src/index.ts`],
        '@fw/evaluator-scorer': [`${ROOT}packages/scorer/src/index.ts`],
      },
    },
  )
  const checker = program.getTypeChecker()
  const exported = SOURCES.flatMap((path) => {
    const file = program.getSourceFile(`${ROOT}${path}`)
    const module = file && checker.getSymbolAtLocation(file)
    return module ? checker.getExportsOfModule(module) : []
  })

  function rows(name: string, prefix = ''): OptionRow[] {
    const symbol = exported.find((one) => one.name === name)
    if (!symbol) throw new Error(`No exported type ${name} in ${SOURCES.join(', ')}`)
    return checker.getPropertiesOfType(checker.getDeclaredTypeOfSymbol(symbol)).flatMap((property) => {
      const row = rowOf(property, prefix)
      const nested = prefix === '' ? (NESTED[property.name] ?? []) : []
      return [row, ...nested.flatMap((type) => rows(type, `${property.name}.`))]
    })
  }

  function rowOf(property: ts.Symbol, prefix: string): OptionRow {
    const tag = property.getJsDocTags(checker).find((one) => one.name === 'default')
    return {
      name: prefix + property.name,
      type: typeOf(property),
      byDefault: prose(tag?.text),
      meaning: prose(property.getDocumentationComment(checker)),
      isRequired: (property.flags & ts.SymbolFlags.Optional) === 0,
    }
  }

  /** The type as written. A lookup in the OpenAPI types is resolved. */
  function typeOf(property: ts.Symbol): string {
    const [declaration] = property.declarations ?? []
    const node = declaration && ts.isPropertySignature(declaration) ? declaration.type : undefined
    const written = node?.getText() ?? ''
    const text =
      node && written.includes('components[')
        ? checker.typeToString(checker.getTypeFromTypeNode(node))
        : written
    const plain = text.replace(/\s*\|\s*undefined$/, '').replace(/\s+/g, ' ')
    return /^\([^()]*(\([^()]*\)[^()]*)*\)$/.test(plain) && plain.includes('=>') ? plain.slice(1, -1) : plain
  }

  return { rows }
}

/** A table shows the name of a link. */
function prose(parts: ts.SymbolDisplayPart[] | undefined): string {
  return ts
    .displayPartsToString(parts)
    .replace(/\{@link ([\w.]+)\}/g, '`$1`')
    .replace(/\s+/g, ' ')
}

/**
 * A table in Markdown of the options of one type. Three more names select options by their user: `shared` (core and
 * the plugins), `core` (only `uploadEvaluator`), `plugins` (only the plugins).
 */
function optionsTable(type: string, reader: OptionReader): string {
  const [core, plugins] = [reader.rows('UploadOptions'), reader.rows('PluginOptions')]
  const isIn = (rows: OptionRow[]) => (row: OptionRow) => rows.some(({ name }) => name === row.name)
  if (type === 'shared') return table(core.filter(isIn(plugins)))
  if (type === 'core') return table(core.filter((row) => !isIn(plugins)(row)))
  if (type === 'plugins') return table(plugins.filter((row) => !isIn(core)(row)))
  return table(reader.rows(type))
}

/** Two columns, so that GitHub cuts off no column. Type and default are below the meaning. */
function table(rows: OptionRow[]): string {
  const line = (...cells: string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [
    line('Option', 'Meaning'),
    line('---', '---'),
    ...rows.map((row) => line(`\`${row.name}\``, cell(row))),
  ].join('\n')
}

function cell({ name, type, byDefault, meaning, isRequired }: OptionRow): string {
  const value = byDefault.replace(/^(true|false|\[\]|'\w+'|[\d_]+)(?=$|[ :])/, '`$1`')
  const required = isRequired && !name.includes('.') ? ' Required.' : ''
  return `${meaning}<br>\`${type}\`.${required}${value ? ` Default: ${value}${/[.!?]$/.test(value) ? '' : '.'}` : ''}`
}

/** Does not match across another marker: text between two tables must stay. */
const MARKED = /(<!-- options: (\w+) -->\n)(?:(?!<!-- \/?options)[\s\S])*(<!-- \/options -->)/g

/** `text` with a new table between each pair of `<!-- options: Type -->` and `<!-- /options -->`. */
export function withTables(text: string, reader: OptionReader): string {
  return text.replace(
    MARKED,
    (_, begin: string, type: string, end: string) => `${begin}\n${optionsTable(type, reader)}\n\n${end}`,
  )
}

/** Whether two texts differ only in the padding of tables, which the formatter adds. */
export function areSame(a: string, b: string): boolean {
  const squeezed = (text: string) => text.replace(/ {2,}/g, ' ').replace(/-{3,}/g, '---')
  return squeezed(a) === squeezed(b)
}
