import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { FileContent } from '@fw/evaluator-core'
import { resolveRunOptions } from '@fw/evaluator-scorer'
import { expect, onTestFinished, test } from 'vitest'
import { scorerEvaluator } from './scorer.ts'

const ROWS = '{"messages":[{"role":"user","content":"2 + 2?"}]}\n'

/** Makes an evaluator in a project with `files`: `dist/score.js` is its output, `included` are in `include`. */
async function evaluatorOf(files: Record<string, string>, ...included: string[]) {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'fw-scorer-')))
  onTestFinished(() => rm(root, { recursive: true }))
  for (const [path, text] of Object.entries({ 'rows.jsonl': ROWS, ...files })) {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), text)
  }
  const built = join(root, 'dist/score.js')
  const made = await scorerEvaluator({
    evaluatorId: 'a',
    root,
    scorer: { score: 'src/score.ts', rows: 'rows.jsonl', ...resolveRunOptions({}) },
    outputs: [
      {
        dir: dirname(built),
        files: new Map([[built, undefined]]),
        entries: new Map([[built, join(root, 'src/score.ts')]]),
      },
    ],
    files: new Map<string, FileContent>([
      ['score.js', { path: built }],
      ...included.map((path): [string, FileContent] => [path, { path: join(root, path) }]),
    ]),
  })
  return { ...made, root }
}

test('the files of a scorer are added', async () => {
  const { files, entryPoint, root } = await evaluatorOf({ 'dist/score.js': 'export default () => 1' })
  expect(entryPoint).toBe('test_a.py::test_a')
  expect([...files.keys()].sort()).toEqual([
    'package.json',
    'requirements.txt',
    'rows.jsonl',
    'score.js',
    'scorer_host.mjs',
    'test_a.py',
  ])
  expect(files.get('rows.jsonl')).toEqual({ path: join(root, 'rows.jsonl') })
})

test('a given requirements.txt is kept, and missing packages are added', async () => {
  const { files } = await evaluatorOf(
    { 'dist/score.js': 'export default () => 1', 'requirements.txt': 'tabulate\neval-protocol==0.3.34\n' },
    'requirements.txt',
  )
  expect(files.get('requirements.txt')).toMatch(
    /^tabulate\neval-protocol==0\.3\.34\nnodejs-wheel-binaries>=[\d.]+,<25\n$/,
  )
})

test.each([
  "new URL('./prompts/words.txt', import.meta.url)",
  // The working directory of a scorer is the folder of the evaluator, not that of the build.
  "'prompts/words.txt'",
])('include may name the dataset too, and files that the scorer reads: %s', async (path) => {
  const scorer = `import { readFileSync } from 'node:fs'
const words = readFileSync(${path}, 'utf8')
export default () => words.length`
  const project = { 'dist/score.js': scorer, 'prompts/words.txt': 'a b' }
  const { files } = await evaluatorOf(project, 'prompts/words.txt', 'rows.jsonl')
  expect(files.has('prompts/words.txt')).toBe(true)
  await expect(evaluatorOf(project)).rejects.toMatchObject({
    code: 'FW_SOURCE',
    message: expect.stringMatching(/src\/score\.ts can't be loaded .*ENOENT/),
    hint: expect.stringContaining('include'),
  })
})

test.each([
  ['module.exports = () => 1; export {}', /module is not defined/, /ES modules/],
  ['export default class Scorer {}', /is a class, which cannot be called/, undefined],
  ['export default new (class { score() {} })()', /no function as its default export/, undefined],
  ["import 'left-pad'", /left-pad/, /inside of the bundle/],
  // As esbuild and rolldown write what they can't bundle.
  ['throw new Error(\'Dynamic require of "util" is not supported\')', /"util"/, /Name no entry/],
  ['throw new Error(\'Calling `require` for "util" in an environment that\')', /"util"/, /Name no entry/],
])('a scorer that can not be loaded: %s', async (scorer, message, hint) => {
  await expect(evaluatorOf({ 'dist/score.js': scorer })).rejects.toMatchObject({
    code: 'FW_SOURCE',
    message: expect.stringMatching(message),
    ...(hint && { hint: expect.stringMatching(hint) }),
  })
})

test('a file with the name of a scorer file is refused', async () => {
  const project = { 'dist/score.js': 'export default () => 1', 'test_a.py': '' }
  await expect(evaluatorOf(project, 'test_a.py')).rejects.toMatchObject({
    code: 'FW_SOURCE',
    message: expect.stringContaining('a test_a.py already'),
  })
})

test('a dataset with an invalid row: the error names file and line', async () => {
  const project = { 'dist/score.js': 'export default () => 1', 'rows.jsonl': `${ROWS}\n{"a":1,}\n` }
  await expect(evaluatorOf(project)).rejects.toMatchObject({
    code: 'FW_SOURCE',
    message: 'Line 3 of rows.jsonl is no JSON object.',
  })
  await expect(evaluatorOf({ ...project, 'rows.jsonl': '\n' })).rejects.toMatchObject({
    message: 'rows.jsonl has no row.',
  })
})
