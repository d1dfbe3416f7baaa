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

describe('evaluation tests', () => {
  test.each([
    ['@evaluation_test(\n  model="m",\n)\nasync def t(row): pass', ['t']],
    ['@evaluation_test\ndef t(): pass', ['t']],
    ['@ep.pytest.evaluation_test()\n@other\ndef t(): pass', ['t']],
    ['@other\n@evaluation_test()\n\ndef t(): pass\ndef u(): pass', ['t']],
    ['@evaluation_tests()\ndef t(): pass', []],
    ['@my_evaluation_test()\ndef t(): pass', []],
    ['# @evaluation_test()\ndef t(): pass', []],
    ['"""\n@evaluation_test()\ndef t(): pass\n"""', []],
    ['@evaluation_test()\nclass T: pass', []],
    ['@evaluation_test()\ndef a(): pass\n@evaluation_test()\ndef b(): pass', ['a', 'b']],
  ])('%j', (text, names) => {
    expect(readPythonNames(text).evaluationTests).toEqual(names)
  })
})
