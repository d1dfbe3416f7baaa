import { dirname, join, relative, sep } from 'node:path'
import ts from 'typescript-5.9'

/**
 * The public API of a package, as text to compare: for each entry of `exports`, the exported names with their
 * declarations, then the types that those use. Without comments, and without the names of chunks, which have a hash.
 */
export function publicApi(folder: string, entries: Readonly<Record<string, string>>): string {
  const files = Object.values(entries).map((file) => join(folder, file))
  const program = ts.createProgram(files, {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.es2022.d.ts'],
    types: ['node'],
    typeRoots: [join(import.meta.dirname, '../node_modules/@types')],
  })
  const checker = program.getTypeChecker()
  const printer = ts.createPrinter({ removeComments: true, newLine: ts.NewLineKind.LineFeed })
  const found = new Map<ts.Symbol, string>()

  const isOurs = (node: ts.Node) => {
    const path = relative(folder, node.getSourceFile().fileName)
    return !path.startsWith('..') && !path.split(sep).includes('node_modules')
  }

  /** The original symbol of a name that is imported or re-exported. */
  function target(symbol: ts.Symbol): ts.Symbol {
    return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol
  }

  /**
   * Adds a declared type, and the types that it uses. For functions and constants only the latter: entries print their
   * type.
   */
  function note(symbol: ts.Symbol): void {
    if (found.has(symbol)) return
    found.set(symbol, '')
    const declarations = (symbol.declarations ?? []).filter(isOurs)
    for (const declaration of declarations) declaration.forEachChild(visit)
    const types = declarations.filter(
      (one) => ts.isInterfaceDeclaration(one) || ts.isTypeAliasDeclaration(one) || ts.isClassDeclaration(one),
    )
    const print = (one: ts.Node) => printer.printNode(ts.EmitHint.Unspecified, one, one.getSourceFile())
    found.set(symbol, types.map(print).join('\n'))
  }

  function visit(node: ts.Node): void {
    const symbol = ts.isIdentifier(node) ? checker.getSymbolAtLocation(node) : undefined
    const real = symbol && target(symbol)
    const declaration = real?.declarations?.[0]
    if (declaration && ts.isSourceFile(declaration.parent) && isOurs(declaration)) note(real)
    node.forEachChild(visit)
  }

  function lineOf(symbol: ts.Symbol): string {
    const real = target(symbol)
    note(real)
    if (!(real.flags & ts.SymbolFlags.Value))
      return `type ${symbol.name}${symbol.name === real.name ? '' : ` = ${real.name}`}`
    const type = checker.typeToString(
      checker.getTypeOfSymbol(real),
      undefined,
      ts.TypeFormatFlags.NoTruncation,
    )
    return `value ${symbol.name}: ${type}`
  }

  const sections = Object.entries(entries).map(([entry, file]) => {
    const source = program.getSourceFile(join(folder, file))
    const module = source && checker.getSymbolAtLocation(source)
    if (!module) throw new Error(`${file} exports nothing`)
    return `// ${entry}\n${checker.getExportsOfModule(module).map(lineOf).sort().join('\n')}\n`
  })
  const declarations = [...new Set(found.values())].filter(Boolean).sort()
  return `${[...sections, ...declarations].join('\n')}\n`
}

/** The declaration files of a manifest's `exports`, by entry. They are next to the code. */
export function typeEntries(exports: Readonly<Record<string, unknown>>): Record<string, string> {
  const pairs = Object.entries(exports).flatMap(([entry, target]) => {
    const types = typesOf(target)
    return types === undefined ? [] : [[entry, types] as const]
  })
  return Object.fromEntries(pairs)
}

/** With several conditions, the first one, `import`: all have the same types. */
function typesOf(target: unknown): string | undefined {
  if (typeof target === 'string') return target.endsWith('.js') ? target.replace(/\.js$/, '.d.ts') : undefined
  const [first] = typeof target === 'object' && target ? Object.values(target) : []
  return first === undefined ? undefined : typesOf(first)
}

export const packagesFolder: string = join(dirname(import.meta.dirname), '../../packages')
