import type { ParseResult } from '@babel/parser'

type Program = ParseResult['program']
type Statement = Program['body'][number]
type DefaultExport = Extract<Statement, { type: 'ExportDefaultDeclaration' }>['declaration']
type Call = Extract<DefaultExport, { type: 'CallExpression' }>
type Argument = Call['arguments'][number]
type Node = DefaultExport | Argument
/** The literal that holds a bundler's options. */
export type OptionsObject = Extract<DefaultExport, { type: 'ObjectExpression' }>

/** The options in Vite's config: what it exports, through defineConfig, a function, or a constant. */
export function findViteOptions(program: Program): OptionsObject | undefined {
  for (const statement of program.body) {
    if (statement.type === 'ExportDefaultDeclaration') return resolve(statement.declaration, program)
  }
  return undefined
}

/** The options of the only call of esbuild's build or context. */
export function findEsbuildOptions(program: Program): OptionsObject | undefined {
  const names = new Set<string>()
  const namespaces = new Set<string>()
  for (const statement of program.body) {
    if (statement.type !== 'ImportDeclaration' || statement.source.value !== 'esbuild') continue
    for (const { type, local } of statement.specifiers) {
      if (type === 'ImportSpecifier') names.add(local.name)
      else namespaces.add(local.name)
    }
  }
  const calls = callsIn(program).filter(({ callee }) => {
    if (callee.type === 'Identifier') return names.has(callee.name)
    if (callee.type !== 'MemberExpression') return false
    const { object, property } = callee
    const isBuild = property.type === 'Identifier' && /^(build|context)$/.test(property.name)
    return isBuild && object.type === 'Identifier' && namespaces.has(object.name)
  })
  const [call] = calls
  return calls.length === 1 ? resolve(call?.arguments[0], program) : undefined
}

function resolve(node: Node | null | undefined, program: Program, depth = 0): OptionsObject | undefined {
  if (!node || depth > 10) return undefined
  const next = (inner: Node | null | undefined): OptionsObject | undefined =>
    resolve(inner, program, depth + 1)
  switch (node.type) {
    case 'ObjectExpression':
      return node
    case 'CallExpression':
      return next(node.arguments[0])
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
    case 'ParenthesizedExpression':
      return next(node.expression)
    case 'ArrowFunctionExpression':
    case 'FunctionExpression':
    case 'FunctionDeclaration':
      return next(node.body.type === 'BlockStatement' ? onlyReturn(node.body.body) : node.body)
    case 'Identifier':
      return next(constant(node.name, program))
    default:
      return undefined
  }
}

/** What a function returns, where that does not depend on anything. */
function onlyReturn(body: readonly Statement[]): Node | null | undefined {
  if (body.some(({ type }) => /^(If|Switch|Try|For|While|Block)/.test(type))) return undefined
  const last = body.at(-1)
  return last?.type === 'ReturnStatement' ? last.argument : undefined
}

function constant(name: string, { body }: Program): Node | null | undefined {
  for (const statement of body) {
    if (statement.type !== 'VariableDeclaration') continue
    const found = statement.declarations.find(({ id }) => id.type === 'Identifier' && id.name === name)
    if (found) return found.init
  }
  return undefined
}

function isNode(value: unknown): value is { type: string } {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
}

function isCall(node: { type: string }): node is Call {
  return node.type === 'CallExpression'
}

function callsIn(root: object): Call[] {
  return Object.values(root)
    .flat()
    .filter(isNode)
    .flatMap((node) => (isCall(node) ? [node, ...callsIn(node)] : callsIn(node)))
}
