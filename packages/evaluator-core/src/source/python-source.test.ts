import { describe, expect, test } from 'vitest'
import { readPythonNames } from './python-source.ts'

const defined = (text: string): string[] => [...readPythonNames(text).defined]

describe('what is defined', () => {
  test.each([
    ['def evaluate(row):\n  pass', ['evaluate']],
    ['async  def evaluate (\n  row,\n):\n  pass', ['evaluate']],
    ['def generic[T](x: T): ...', ['generic']],
    ['class A:\n  def method(self): pass\nx = 1', ['A', 'x']],
    ['def f():\n  def inner(): pass\n  y = 1\n\ndef g(): pass', ['f', 'g']],
    ['evaluate = make(1)', ['evaluate']],
    ['evaluate: Callable[[int], int] = make(1)', ['evaluate']],
    ['x == 1', []],
    ['from a.b import c, d as e', ['c', 'e']],
    ['from a import (  # why\n  b,\n  c as d,\n)', ['b', 'd']],
    ['from a import b, \\\n  c', ['b', 'c']],
    ['import os.path, numpy as np', ['os', 'np']],
    ['try:\n  from a import f\nexcept ImportError:\n  def f(): pass\n  g = 1', ['f', 'g']],
    ['if X:\n    def f():\n        z = 1\n    h = 2', ['f', 'h']],
    ['"""\ndef no(): pass\n"""\ndef yes(): pass', ['yes']],
    ["'''\ndef no(): pass\n\\''' still\n'''\ndef yes(): pass", ['yes']],
    ['# def no(): pass\nx = "#"; y = 1', ['x', 'y']],
    ['s = "a \\" b"\ndef f(): pass', ['s', 'f']],
    ['\uFEFFdef f(): pass\r\ndef g(): pass\r\n', ['f', 'g']],
    ['def größe(): pass', ['größe']],
    ['constructor = __proto__ = toString', ['__proto__', 'constructor']],
    ['x = [\n  1,\n]\ndef f(): pass', ['x', 'f']],
    ['', []],
  ])('%j', (text, names) => {
    expect(defined(text)).toEqual(names)
  })

  test('a star import may define anything', () => {
    expect(readPythonNames('from a import *').hasStarImport).toBe(true)
    expect(readPythonNames('from a import b').hasStarImport).toBe(false)
  })
})

const named = (found: readonly { name: string }[]): string[] => found.map(({ name }) => name)

describe('evaluation tests', () => {
  test.each([
    ['as it is imported', '@evaluation_test(\n  model="m",\n)\nasync def t(row): pass'],
    ['through a module', '@ep.pytest.evaluation_test()\n@other\ndef t(): pass'],
    [
      'through a module of another name',
      'import eval_protocol.pytest as p\n@p.evaluation_test()\ndef t(): pass',
    ],
    ['by another name', 'from eval_protocol.pytest import evaluation_test as et\n@et()\ndef t(): pass'],
    ['in brackets', 'from a import (\n  b,\n  evaluation_test as et,\n)\n@et()\ndef t(): pass'],
    ['by an assigned name', 'et = ep.evaluation_test\n@et()\ndef t(): pass'],
    ['as a variable', 'mine = evaluation_test(a=[1, 2])\n\n@mine\ndef t(): pass'],
    ['as an annotated variable', 'mine: Any = evaluation_test()\n@mine\ndef t(): pass'],
    ['as a variable of a variable', 'a = evaluation_test()\nb = a\n@b\ndef t(): pass'],
    ['by a call', 't = evaluation_test(a=[")"])(score)'],
    ['by a call of a variable', 'mine = evaluation_test()\nt = mine(score)'],
    ['by partial', 'et = functools.partial(evaluation_test, mode="all")\n@et(a=1)\ndef t(): pass'],
    ['by a function', 'def et(**k):\n  x = 1\n  return evaluation_test(**k)\n\n@et()\ndef t(): pass'],
    ['by a decorator of its own', 'def mine(f):\n  return evaluation_test()(f)\n@mine\ndef t(): pass'],
    [
      'by a function in a function',
      'def et(**k):\n  def inner(f):\n    return evaluation_test(**k)(f)\n  return inner\n@et()\ndef t(): pass',
    ],
    ['by a lambda', 'mine = lambda f: evaluation_test()(f)\nt = mine(score)'],
    ['below other decorators', '@other\n@evaluation_test()\n\ndef t(): pass\ndef u(): pass'],
    ['in an if', 'if X:\n  @evaluation_test()\n  async def t(): pass'],
    ['in an if of one line', 'if X: t = evaluation_test()(score)'],
    ['in a try', 'try:\n\t@evaluation_test()\n\tdef t(): pass\nexcept E: pass'],
    ['in either branch', 'if X:\n  @evaluation_test()\n  def t(): pass\nelse:\n  def t(): pass'],
    ['in the else of what never runs', 'if False: pass\nelse:\n  @evaluation_test()\n  def t(): pass'],
    ['after a raw string', "p = r'\\'('\n@evaluation_test()\ndef t(): pass"],
    ['after an f-string', 'p = f\'{x["("]:>{w}}{{\' + f"{a[\'b\']!r}"\n@evaluation_test()\ndef t(): pass'],
    ['after an f-string of 3.12', 'p = f"{x["("]}"\n@evaluation_test()\ndef t(): pass'],
  ])('%s', (_, text) => {
    expect(named(readPythonNames(text).evaluationTests)).toEqual(['t'])
  })

  test.each([
    ['another name', '@evaluation_tests()\ndef t(): pass'],
    ['a longer name', '@my_evaluation_test()\ndef t(): pass'],
    ['a comment', '# @evaluation_test()\ndef t(): pass'],
    ['a text', '"""\n@evaluation_test()\ndef t(): pass\n"""'],
    ['a text with an escaped quote', 'x = """\\"""\n@evaluation_test()\ndef t(): pass\n"""'],
    ['a class', '@evaluation_test()\nclass T: pass'],
    ['a method', 'class T:\n  @evaluation_test()\n  def t(self): pass'],
    ['a function in a function', 'def f():\n  @evaluation_test()\n  def t(): pass'],
    ['what only a script runs', 'if __name__ == "__main__":\n  @evaluation_test()\n  def t(): pass'],
    ['what only a checker of types reads', 'if TYPE_CHECKING:\n  @evaluation_test()\n  def t(): pass'],
    ['a function defined anew', '@evaluation_test()\ndef t(): pass\ndef t(): pass'],
    ['a deleted function', '@evaluation_test()\ndef t(): pass\ndel t'],
    ['the decorator alone', 'mine = evaluation_test()'],
    ['an argument', 't = other(evaluation_test)'],
  ])('not %s', (_, text) => {
    expect(readPythonNames(text).evaluationTests).toEqual([])
  })

  test('bear the line of their name', () => {
    const text =
      '"""a\nb"""\nx = f"""\n{y}"""\n@evaluation_test(\n)\ndef t(\n): pass\nu = evaluation_test()(\n t)'
    expect(readPythonNames(text).evaluationTests).toEqual([
      { name: 't', line: 7 },
      { name: 'u', line: 9 },
    ])
  })

  test('without parentheses it is none, and that is told', () => {
    const { evaluationTests, bare } = readPythonNames('@evaluation_test\ndef t(): pass')
    expect(evaluationTests).toEqual([])
    expect(bare).toEqual([{ name: 't', line: 2 }])
  })
})

test('a long literal takes no time of its length squared', () => {
  const rows = '{"a": [1, "b", f"{c}"]},\n'.repeat(50_000)
  const began = performance.now()
  const { evaluationTests } = readPythonNames(
    `ROWS = [\n${rows}]\n@evaluation_test(input_rows=[[${rows}]])\ndef t(): pass`,
  )
  expect(named(evaluationTests)).toEqual(['t'])
  expect(performance.now() - began).toBeLessThan(30_000)
})

describe('a flaw', () => {
  test.each([
    ['def f(:\n  pass', 1, "'(' was never closed"],
    ['x = 1\ny = [(])', 2, "']' does not match '('"],
    ['x = 1\n)', 2, "unmatched ')'"],
    ['x = "a\n', 1, 'unterminated string'],
    ['\n"""a\nb\n', 2, 'unterminated string'],
  ])('%j', (text, line, message) => {
    expect(readPythonNames(text).flaw).toEqual({ line, message })
  })

  test.each([
    'x = constructor(toString)',
    'x = "(" # (',
    "'''(\n'''",
    'f"{a:(}"',
    'x = f"{',
    "x = 'a\\\n('",
    '',
  ])('not in %j', (text) => {
    expect(readPythonNames(text).flaw).toBeUndefined()
  })
})
