import { expect, test } from 'vitest'
import { failureLines } from './run.ts'

test('the reason is the lines that pytest marks with an E, each once', () => {
  const text = `
==== ERRORS ====
test_a.py:3: in <module>
    import nowhere
E   ModuleNotFoundError: No module named 'nowhere'
=== short test summary info ===
ERROR test_a.py
E   ModuleNotFoundError: No module named 'nowhere'
`
  expect(failureLines(text)).toEqual(["ModuleNotFoundError: No module named 'nowhere'"])
})

test('without such a line, the reason is the last error', () => {
  expect(failureLines('x\nERROR: not found: test_a.py::no\n')).toEqual(['not found: test_a.py::no'])
  expect(failureLines('nothing')).toEqual([])
})
