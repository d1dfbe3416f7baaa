import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { checkScorer, scorerFiles } from '@fw/evaluator-scorer'
import { expect, test } from 'vitest'
import { archiveWith } from './host.ts'

const make = (options: object = {}) =>
  scorerFiles({ evaluatorId: 'json-fields', scorer: 'score.js', rows: 'rows.jsonl', ...options })
const python = (options: object = {}) => make(options).files['test_json_fields.py'] ?? ''

test('the test, the host, the requirements, and a package.json beside the scorer', () => {
  const { entryPoint, files } = make()
  expect(entryPoint).toBe('test_json_fields.py::test_json_fields')
  expect(Object.keys(files).sort()).toEqual([
    'package.json',
    'requirements.txt',
    'scorer_host.mjs',
    'test_json_fields.py',
  ])
  expect(files['requirements.txt']).toMatch(/^eval-protocol>=0\.3\.33,<0\.4\nnodejs-wheel-binaries>=24/)
  expect(files['package.json']).not.toContain('"type"')
  expect(Object.keys(make({ scorer: 'ssr/score.js' }).files)).toContain('ssr/package.json')
  expect(make({ evaluatorId: 'accounts/a/evaluators/b-c' }).entryPoint).toBe('test_b_c.py::test_b_c')
})

test('everything is at hand before eval_protocol is imported, and no annotation is a string', () => {
  expect(python()).not.toContain('__future__')
  expect(python().indexOf('LITELLM_LOCAL_MODEL_COST_MAP')).toBeLessThan(
    python().indexOf('from eval_protocol'),
  )
  expect(python()).not.toMatch(/__[A-Z_]+__/)
})

test.each([
  [{}, 'completion_params=[{"model": "accounts/fireworks/models/gpt-oss-120b"}],'],
  [{}, 'rollout_processor=SingleTurnRolloutProcessor(),'],
  [{}, 'passed_threshold=None,'],
  [{}, 'str(60000)'],
  [
    { completionParams: [{ model: 'a', extra_body: { top: true } }] },
    '[{"model": "a", "extra_body": {"top": True}}]',
  ],
  [{ rollout: 'none' }, 'rollout_processor=NoOpRolloutProcessor(),'],
  [{ rollout: 'none' }, 'completion_params=None,'],
  [{ rollout: { remote: 'https://a.test/b' } }, 'RemoteRolloutProcessor(remote_base_url="https://a.test/b")'],
  [{ passedThreshold: 1 }, 'passed_threshold=1.0,'],
  [{ passedThreshold: { success: 0.5, standardError: 0 } }, '{"success": 0.5, "standard_error": 0.0}'],
  [{ timeoutMs: 5000 }, 'str(5000)'],
  [{ rows: 'data/my "rows".jsonl' }, 'HERE / "data/my \\"rows\\".jsonl"'],
])('%o is written as %s', (options, text) => {
  expect(python(options)).toContain(text)
})

test('checkScorer loads the scorer and scores nothing', async () => {
  const load = async (scorer: string) => checkScorer(join(await archiveWith(scorer), 'score.js'))
  await load('export default () => { throw new Error("scored") }')
  await expect(load('export const score = 1')).rejects.toThrow(/no function as its default export/)
  await expect(load('import "left-pad"')).rejects.toThrow(/left-pad/)
  await expect(load('process.exit(2)')).rejects.toThrow(/ended with 2/)
})

test.skipIf(!process.features.typescript)('a scorer may be TypeScript, which Node 24 reads', async () => {
  const dir = await archiveWith('', {
    'score.ts':
      "import type { Score } from '@fw/evaluator-scorer'\nconst score: Score = () => 1\nexport default score\n",
  })
  await checkScorer(join(dir, 'score.ts'))
  expect(make({ scorer: 'score.ts' }).files['test_json_fields.py']).toContain('HERE / "score.ts"')
})

test('checkScorer: the working directory, and the time that it may take', async () => {
  const dir = await archiveWith('', { 'words.txt': 'a b' })
  await mkdir(join(dir, 'server'))
  const file = join(dir, 'server/score.js')
  await writeFile(
    file,
    "import { readFileSync } from 'node:fs'\nreadFileSync('words.txt')\nexport default () => 1\n",
  )
  await checkScorer(file, { dir })
  await expect(checkScorer(file)).rejects.toThrow(/ENOENT/)
  await writeFile(file, 'for (;;);')
  await expect(checkScorer(file, { timeoutMs: 500 })).rejects.toThrow(/within 500 ms/)
})
