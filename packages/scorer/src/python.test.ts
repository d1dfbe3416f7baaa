import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { pythonFloat, pythonLiteral } from './python.ts'

const VALUE = {
  text: 'quote " back \\ line \n null \u0000 half \ud800 😀 \u2028',
  list: [1, -0.5, 1e21, 5e-324, true, false, null],
  nested: { 'a-b': {}, empty: [] },
}

test('None, True and False; a field that is undefined is none', () => {
  expect(pythonLiteral({ a: null, b: true, c: [false], d: undefined, e: 'x' })).toBe(
    '{"a": None, "b": True, "c": [False], "e": "x"}',
  )
  expect(pythonFloat(1)).toBe('1.0')
  expect(pythonFloat(0.25)).toBe('0.25')
})

test('what Python can not write is refused', () => {
  expect(() => pythonLiteral({ a: Number.NaN })).toThrow(TypeError)
  expect(() => pythonLiteral({ a: () => 1 })).toThrow(TypeError)
})

test('Python reads the value that was written', ({ skip }) => {
  const program = `import json; print(json.dumps(${pythonLiteral(VALUE)}))`
  try {
    expect(JSON.parse(execFileSync('python3', ['-c', program], { encoding: 'utf8' }))).toEqual(VALUE)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return skip('no python3')
    throw error
  }
})
