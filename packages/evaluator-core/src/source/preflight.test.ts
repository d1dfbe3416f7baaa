import { describe, expect, test } from 'vitest'
import { createPace } from '../pace.ts'
import { findEntryPoint, type Preflight } from './preflight.ts'

function check(
  entryPoint: string | false | undefined,
  files: Record<string, string>,
): { result: Promise<Preflight>; infos: string[] } {
  const infos: string[] = []
  const entries = Object.entries(files).map(([path, text]) => ({ path, content: Buffer.from(text) }))
  const logger = { info: (message: string) => void infos.push(message), warn() {} }
  return { result: findEntryPoint(entryPoint, entries, createPace(), logger), infos }
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
    expect(await check(entryPoint, FILES).result).toMatchObject({ entryPoint })
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
    // What is not near was not meant.
    ['main.py::test_scorer', /names the function test_scorer/, /^Define it at the top level of main\.py\.$/],
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
  const missing = async (files: Record<string, string>) => {
    const { entryPoint, noEntryPoint } = await check(undefined, files).result
    expect(entryPoint).toBeUndefined()
    return `${noEntryPoint?.message} | ${noEntryPoint?.hint}`
  }

  test('the only @evaluation_test is used, and said', async () => {
    const { result, infos } = check(undefined, { ...FILES, 'tests/a.py': decorated })
    expect(await result).toEqual({ entryPoint: 'tests/a.py::t', flaws: [] })
    expect(infos).toEqual([expect.stringContaining('tests/a.py::t')])
  })

  test('none of several is used, and each is named with its line', async () => {
    const said = await missing({ 'a.py': decorated, 'b.py': `\n${decorated}` })
    expect(said).toMatch(/ t \(a\.py:2\), t \(b\.py:3\)/)
  })

  test.each([
    [{ 'a.py': 'x = 1' }, /no function of the source is decorated/],
    [{ 'a.js': '' }, /the source has no Python file/],
    [{ 'a.py': '@evaluation_test\ndef t(): pass' }, /t \(a\.py:2\) has @evaluation_test without parentheses/],
  ])('%j has none', async (files, why) => {
    expect(await missing(files)).toMatch(why)
    expect(await missing(files)).toMatch(/--no-entry-point/)
  })

  test('false looks for none', async () => {
    expect(await check(false, { 'a.py': decorated }).result).toEqual({ flaws: [] })
  })

  test.each([
    ['beside it', 'tests/common.py', 'from common import mine', 'mine'],
    ['at the root', 'lib/common.py', 'from lib.common import mine', 'mine'],
    ['relative', 'tests/lib/common.py', 'from .lib.common import mine', 'mine'],
    ['of the folder above', 'common.py', 'from ..common import mine', 'mine'],
    ['of a package', 'lib/__init__.py', 'from lib import mine', 'mine'],
    ['by another name', 'common.py', 'from common import mine as my', 'my'],
    ['through the module', 'common.py', 'import common as c', 'c.mine'],
    ['by a star', 'common.py', 'from common import *', 'mine'],
  ])('a decorator of another file counts: %s', async (_, path, line, name) => {
    const files = {
      [path]: 'from eval_protocol.pytest import evaluation_test as et\nmine = et()',
      'tests/test_a.py': `${line}\n@${name}\ndef test_a(row): pass`,
    }
    expect(await check(undefined, files).result).toMatchObject({ entryPoint: 'tests/test_a.py::test_a' })
  })

  test('files that import one another are read once each', async () => {
    const files = {
      'a.py': `from b import x\n${decorated}`,
      'b.py': 'from a import t\nx = evaluation_test()',
    }
    expect(await check(undefined, files).result).toMatchObject({ entryPoint: 'a.py::t' })
  })
})
