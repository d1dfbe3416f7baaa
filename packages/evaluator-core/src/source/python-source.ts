import { type Flaw, type PythonLine, readPythonLines } from './python-lines.ts'

/**
 * What a name stands for on the way to an evaluation test: `factory(…)` is a decorator, and `decorator(function)` a
 * test. `evaluation_test` is a factory.
 */
export type Kind = 'factory' | 'decorator' | 'test'

/** A function, and the number of the line that names it, from 1. */
export interface Found {
  readonly name: string
  readonly line: number
}

/** What a Python file defines at its top level, as far as its text tells. */
export interface PythonNames {
  /** Functions, classes, variables and imported names. */
  readonly defined: ReadonlySet<string>
  /** `from x import *`: any name might be there. */
  readonly hasStarImport: boolean
  /** What eval-protocol would find when it imports the file. */
  readonly evaluationTests: readonly Found[]
  /** Functions below a bare `@evaluation_test`: without parentheses it raises a TypeError. */
  readonly bare: readonly Found[]
  /** Names for the tests of other files: `mine = evaluation_test(…)`. */
  readonly kinds: ReadonlyMap<string, Kind>
  readonly flaw: Flaw | undefined
}

/** What `name` of another module is; undefined where it is nothing of the kind, or not known. */
export type Resolve = (module: string, name: string) => Kind | undefined

const TEST_FACTORY = 'evaluation_test'
const NAME = String.raw`[\p{L}_][\p{L}\p{N}_]*`
const DEF = new RegExp(String.raw`^(?:async\s+)?def\s+(${NAME})`, 'u')
const CLASS = new RegExp(String.raw`^class\s+(${NAME})`, 'u')
const CHAIN = new RegExp(String.raw`^${NAME}(?:\s*\.\s*${NAME})*$`, 'u')
const TARGET = new RegExp(String.raw`^(${NAME})\s*(?::[^=]*)?$`, 'u')
const FROM_IMPORT = /^from\s*([.\s]*[\p{L}\p{N}_.]*)\s*\bimport\b\s*(.+)$/su
const IMPORT = /^import\s+(.+)$/s
const LAMBDA = /^lambda\b[^:]*:(.*)$/s
/** Blocks whose body is still the module's top level. */
const BLOCK = /^(?:async\s+)?(if|elif|else|try|except|finally|with|for|while|match|case)\b/
/** What nobody who imports the file runs. */
const NEVER = /^(?:el)?if\s+(?:False|0|(?:\w+\.)?TYPE_CHECKING|__name__\s*==\s*''|''\s*==\s*__name__)$/

interface Scope {
  readonly indent: number
  readonly kinds: Map<string, Kind>
  /** Of a function: what a call of it gives. */
  returns?: Kind
  readonly name?: string
}

/**
 * Not a parser: it follows logical lines and indentation. It is meant to err towards finding a name, since refusing a
 * source that would work is worse than letting one through.
 */
export function readPythonNames(text: string, resolve: Resolve = () => undefined): PythonNames {
  const { lines, flaw } = readPythonLines(text)
  const module: Scope = { indent: -1, kinds: new Map() }
  const scopes: Scope[] = [module]
  const defined = new Set<string>()
  const tests = new Map<string, number>()
  const bare: Found[] = []
  const modules = new Map<string, string>()
  const stars: string[] = []
  let decorators: (Kind | undefined)[] = []
  /** Indentation of a block that an import never runs. */
  let neverBelow: number | undefined

  const scope = (): Scope => scopes.at(-1) ?? module

  function lookUp(chain: string): Kind | undefined {
    const path = chain.split(/\s*\.\s*/)
    const name = path.pop() ?? ''
    if (path.length === 0) {
      const known = scopes.findLast(({ kinds }) => kinds.has(name))?.kinds.get(name)
      if (known !== undefined) return known
    }
    if (name === TEST_FACTORY) return 'factory'
    if (path.length === 0) return stars.map((star) => resolve(star, name)).find((kind) => kind !== undefined)
    const [root = '', ...rest] = path
    return resolve([modules.get(root) ?? root, ...rest].join('.'), name)
  }

  function bind(name: string, kind: Kind | undefined, { indent, line }: PythonLine): void {
    if (kind === undefined || kind === 'test') scope().kinds.delete(name)
    else scope().kinds.set(name, kind)
    if (scope() !== module) return
    defined.add(name)
    if (kind === 'test' && neverBelow === undefined) {
      if (!tests.has(name)) tests.set(name, line)
    } else if (indent === 0) tests.delete(name)
  }

  function enter(name: string, indent: number): void {
    scopes.push({ indent, kinds: new Map(), name })
  }

  function leave(indent: number): void {
    while (scopes.length > 1 && indent <= scope().indent) {
      const { name, returns } = scopes.pop() ?? module
      if (name !== undefined && returns !== undefined) scope().kinds.set(name, returns)
    }
  }

  function define(name: string, isFunction: boolean, body: string, at: PythonLine): void {
    const isTest = isFunction && decorators.includes('decorator')
    if (isFunction && scope() === module && decorators.includes('factory')) bare.push({ name, line: at.line })
    bind(name, isTest ? 'test' : undefined, at)
    // A class has no name here: what its body returns is nothing that a call of it gives.
    enter(isFunction && !isTest ? name : '', at.indent)
    if (body !== '') statement({ ...at, indent: at.indent + 1, text: body })
  }

  function importName(from: string, name: string, alias: string, at: PythonLine): void {
    modules.set(alias, from.endsWith('.') ? from + name : `${from}.${name}`)
    bind(alias, name === TEST_FACTORY ? 'factory' : resolve(from, name), at)
  }

  function statement(at: PythonLine): void {
    const { text } = at
    if (text.startsWith('@')) {
      decorators.push(kindOf(text.slice(1), lookUp))
      return
    }
    const functionName = DEF.exec(text)?.[1]
    const name = functionName ?? CLASS.exec(text)?.[1]
    if (name !== undefined) {
      define(name, functionName !== undefined, splitBlock(text)?.body ?? '', at)
      decorators = []
      return
    }
    decorators = []
    const block = BLOCK.test(text) ? splitBlock(text) : undefined
    if (block) {
      if (isNeverRun(block.header)) neverBelow ??= at.indent
      if (block.body !== '') statement({ ...at, indent: at.indent + 1, text: block.body })
      return
    }
    for (const part of text.split(';')) simpleStatement({ ...at, text: part.trim() })
  }

  function simpleStatement(at: PythonLine): void {
    const { text } = at
    const returned = /^return\b(.*)$/s.exec(text)?.[1]
    if (returned !== undefined) {
      const kind = callOf(kindOf(returned, lookUp))
      if (kind) scope().returns ??= kind
      return
    }
    const fromImport = FROM_IMPORT.exec(text)
    if (fromImport) {
      const from = (fromImport[1] ?? '').replace(/\s/g, '')
      if (fromImport[2]?.trim() === '*') stars.push(from)
      else
        for (const [name, alias] of importedNames(fromImport[2] ?? ''))
          importName(from, name, alias ?? name, at)
      return
    }
    const imported = IMPORT.exec(text)?.[1]
    if (imported !== undefined) {
      for (const [path, alias] of importedNames(imported)) {
        const root = path.split('.')[0] ?? path
        modules.set(alias ?? root, alias === undefined ? root : path)
        bind(alias ?? root, undefined, at)
      }
      return
    }
    const deleted = /^del\s+(.+)$/s.exec(text)?.[1]
    if (deleted !== undefined) for (const name of deleted.split(',')) tests.delete(name.trim())
    const [value = '', ...targets] = splitAssignment(text).reverse()
    const kind = targets.length > 0 ? kindOf(value, lookUp) : undefined
    for (const target of targets) {
      const name = TARGET.exec(target.trim())?.[1]
      if (name !== undefined) bind(name, kind, at)
    }
  }

  for (const each of lines) {
    leave(each.indent)
    if (neverBelow !== undefined && each.indent <= neverBelow) neverBelow = undefined
    statement(each)
  }
  leave(0)
  return {
    defined,
    hasStarImport: stars.length > 0,
    evaluationTests: Array.from(tests, ([name, line]) => ({ name, line })),
    bare,
    kinds: module.kinds,
    flaw,
  }
}

function isNeverRun(header: string): boolean {
  return NEVER.test(header.replace(/[()\s]+/g, ' ').trim())
}

/** What stands for the result of a function that returns this. */
function callOf(kind: Kind | undefined): Kind | undefined {
  if (kind === 'test') return 'decorator'
  return kind === 'decorator' ? 'factory' : undefined
}

function kindOf(expression: string, lookUp: (chain: string) => Kind | undefined): Kind | undefined {
  const text = expression.trim()
  if (CHAIN.test(text)) return lookUp(text)
  const lambda = LAMBDA.exec(text)?.[1]
  if (lambda !== undefined) return callOf(kindOf(lambda, lookUp))
  const call = splitCall(text)
  if (!call) return undefined
  if (call.callee === '') return kindOf(call.inner, lookUp)
  if (/(^|\.)partial$/.test(call.callee)) {
    return kindOf(call.inner.split(',')[0] ?? '', lookUp) === 'factory' ? 'factory' : undefined
  }
  const callee = kindOf(call.callee, lookUp)
  if (callee === 'factory') return 'decorator'
  return callee === 'decorator' ? 'test' : undefined
}

/** `callee(inner)`, where the last bracket belongs to the last call. */
function splitCall(text: string): { callee: string; inner: string } | undefined {
  if (!text.endsWith(')')) return undefined
  let depth = 0
  for (let at = text.length - 1; at >= 0; at--) {
    if (')]}'.includes(text.charAt(at))) depth++
    if ('([{'.includes(text.charAt(at))) depth--
    if (depth === 0) return { callee: text.slice(0, at).trim(), inner: text.slice(at + 1, -1) }
  }
  return undefined
}

/** `header: body` at the first colon outside brackets. */
function splitBlock(text: string): { header: string; body: string } | undefined {
  const at = findOutside(text, (rest) => /^:(?!=)/.test(rest))
  return at < 0 ? undefined : { header: text.slice(0, at).trim(), body: text.slice(at + 1).trim() }
}

/** The targets of an assignment and, last, its value; an expression alone is one part. */
function splitAssignment(text: string): string[] {
  const at = findOutside(text, (rest) => /^[^=!<>:+\-*/%&|^@~]=(?!=)/.test(rest))
  return at < 0 ? [text] : [text.slice(0, at + 1), ...splitAssignment(text.slice(at + 2))]
}

function findOutside(text: string, isThere: (rest: string) => boolean): number {
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    if ('([{'.includes(text.charAt(at))) depth++
    if (')]}'.includes(text.charAt(at))) depth--
    if (depth === 0 && isThere(text.slice(at, at + 3))) return at
  }
  return -1
}

function importedNames(list: string): [name: string, alias: string | undefined][] {
  return list
    .replace(/[()]/g, ' ')
    .split(',')
    .map((item) => item.trim().split(/\s+as\s+/))
    .filter(([name]) => name !== '')
    .map(([name = '', alias]) => [name, alias])
}
