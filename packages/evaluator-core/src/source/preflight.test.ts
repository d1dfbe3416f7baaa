import { describe, expect, test } from 'vitest'
import { createPace } from '../pace.ts'
import { checkEntryPoint } from './preflight.ts'

function check(
  entryPoint: string | undefined,
  files: Record<string, string>,
): { result: Promise<string | undefined>; infos: string[] } {
  const infos: string[] = []
  const entries = Object.entries(files).map(([path, text]) => ({ path, content: Buffer.from(text) }))
  const logger = { info: (message: string) => void infos.push(message), warn() {} }
  return { result: checkEntryPoint(entryPoint, entries, createPace(), logger), infos }
}

const FILES = {
  'main.py': 'from lib.score import helper\ndef evaluate(row): pass',
  'lib/score.py': 'async def score(row): pass',
  'pkg/__init__.py': 'from .impl import *',
  'data.json': '',
}

describe('a given entry point', () => {
  test.each([
    'main.py::evaluate',
    './main.py::evaluate',
    'main::evaluate',
    'main::helper',
    'lib/score.py::score',
    'lib.score::score',
    'pkg::whatever_the_star_brings',
  ])('%s is taken as it is', async (entryPoint) => {
    expect(await check(entryPoint, FILES).result).toBe(entryPoint)
  })

  test.each([
    ['mian.py::evaluate', /names mian.py, which is not in the archive/, /main\.py::evaluate/],
    ['src/score.py::score', /src\/score\.py/, /lib\/score\.py::score/],
    ['lib.scores::score', /lib\.scores/, /lib\.score::score/],
    [
      'main.py::evalute',
      /names the function evalute, which main\.py does not define/,
      /Did you mean evaluate\?/,
    ],
    ['main.py', /not of the form/, /path\/to\/file\.py::function/],
    ['main.py::', /not of the form/, /function/],
    ['a::b::c', /not of the form/, /function/],
  ])('%s is refused', async (entryPoint, message, hint) => {
    await expect(check(entryPoint, FILES).result).rejects.toMatchObject({
      code: 'FW_SOURCE',
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
    })
  })

  test('is refused where there is no Python at all', async () => {
    const { result } = check('main.py::evaluate', { 'dist/a.js': '' })
    await expect(result).rejects.toMatchObject({ hint: expect.stringMatching(/no Python file/) })
  })
})

describe('without one', () => {
  const decorated = '@evaluation_test()\ndef t(): pass\n'

  test('the only @evaluation_test is used, and said', async () => {
    const { result, infos } = check(undefined, { ...FILES, 'tests/a.py': decorated })
    expect(await result).toBe('tests/a.py::t')
    expect(infos).toEqual([expect.stringContaining('tests/a.py::t')])
  })

  test('none of several is used, and it is said which there are', async () => {
    const { result, infos } = check(undefined, { 'a.py': decorated, 'b.py': decorated })
    expect(await result).toBeUndefined()
    expect(infos).toEqual([expect.stringMatching(/a\.py::t, b\.py::t/)])
  })

  test('there may be none, in silence', async () => {
    const { result, infos } = check(undefined, FILES)
    expect(await result).toBeUndefined()
    expect(infos).toEqual([])
  })
})
