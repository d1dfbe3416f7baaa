import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type Emulator, startEmulator } from '@fw/evaluator-emulator'
import { pythonWith } from '@fw-tests/python'
import { expect, onTestFinished, test } from 'vitest'
import { latestEsbuild } from './harness/esbuild.ts'
import { type Model, startModel } from './harness/model.ts'
import { binOf, createProject } from './harness/project.ts'
import { pytest } from './harness/pytest.ts'
import { INVALID, PROJECTS, type ScorerProject, type Truth } from './harness/scorer-projects.ts'

const run = promisify(execFile)
const CLI = join(import.meta.dirname, '../../packages/cli/dist/cli.js')
const timeout = 600_000

interface Bench {
  python: string
  emulator: Emulator
  model: Model
  /** A folder for all that is made. */
  scratch: string
}

async function bench(): Promise<Bench | { missing: string }> {
  const scratch = await mkdtemp(join(tmpdir(), 'fw-scored-'))
  onTestFinished(() => rm(scratch, { recursive: true, force: true }))
  const requirements = join(scratch, 'requirements.txt')
  await writeFile(requirements, 'eval-protocol\nnodejs-wheel-binaries\n')
  const found = await pythonWith(requirements)
  if ('missing' in found) return found
  const model = await startModel()
  onTestFinished(() => model[Symbol.asyncDispose]())
  const emulator = await startEmulator({ buildMs: 1 })
  onTestFinished(() => emulator.close())
  return { python: found.python, scratch, emulator, model }
}

/** Builds and uploads a project, with whatever evaluators are in it. */
async function build(
  { emulator, scratch }: Bench,
  project: ScorerProject,
  dir: string,
  id = '',
): Promise<void> {
  const [program = '', ...args] = project.run
  await run(process.execPath, program === 'node' ? args : [binOf(dir, program), ...args], {
    cwd: dir,
    env: { PATH: process.env.PATH, HOME: scratch, ...emulator.env, EVALUATOR_ID: id },
  })
}

/** Pulls an evaluator as the service has it, below a package.json of somebody else. Gives the path of its test. */
async function pull({ emulator, scratch }: Bench, id: string, type: string): Promise<string> {
  expect(emulator.evaluators.get(id)?.state).toBe('ACTIVE')
  const above = join(scratch, `above-${id}`)
  await mkdir(above)
  await writeFile(join(above, 'package.json'), JSON.stringify({ type }))
  await run(process.execPath, [CLI, 'pull', id, '-o', join(above, id)], {
    env: { PATH: process.env.PATH, HOME: scratch, ...emulator.env },
  })
  return join(above, id, String(emulator.evaluators.get(id)?.resource.entryPoint))
}

const row = (say: string, truth: Truth) => ({
  messages: [{ role: 'user', content: `say: ${say}` }],
  ground_truth: truth,
})
const jsonl = (rows: readonly object[]) => rows.map((one) => `${JSON.stringify(one)}\n`).join('')

test('every bundler: built, ACTIVE, pulled, and each score is what Node says', { timeout }, async ({
  skip,
}) => {
  const made = await bench()
  if ('missing' in made) return skip(made.missing)
  const { python, scratch, model } = made
  const dataset = [
    row('four', { does: 'share', answer: 'four' }),
    row('five', { does: 'share', answer: 'four' }),
    row('judge me', { does: 'judge', judge: `${model.url}/judge` }),
    ...['later', 'modern', 'noise', ...Object.keys(INVALID)].map((does) => row(does, { does })),
  ]
  const tests: string[] = []
  let inNode: unknown
  for (const [id, project] of Object.entries(PROJECTS)) {
    const packages = { ...project.lane.packages, '@fw/evaluator-scorer': '@fw/evaluator-scorer' }
    await using there = await createProject({ ...project.files, 'probe.mjs': project.lane.probe }, packages)
    await build(made, project, there.dir, id)
    const { type } = JSON.parse(project.files['package.json'] ?? '')
    tests.push(await pull(made, id, type === 'module' ? 'commonjs' : 'module'))
    inNode ??= await scoresInNode(there.dir, dataset)
  }

  await writeFile(join(scratch, 'rows.jsonl'), jsonl(dataset))
  const params = [{ model: 'openai/mock', base_url: `${model.url}/v1`, api_key: 'k' }]
  const { rows, printed } = await pytest({
    python,
    tests,
    scratch: join(scratch, 'pytest'),
    env: {
      EP_JSONL_PATH: join(scratch, 'rows.jsonl'),
      EP_COMPLETION_PARAMS: JSON.stringify(params),
    },
  })
  expect(inNode).toEqual([1, 0.25, 0.8, 0.5, 0.5, 0.3, ...Object.keys(INVALID).map(() => 'invalid')])
  for (const path of tests) {
    const of = rows.get(path.replace(/.*::/, ''))
    const inOrder = dataset.map(({ messages: [question] }) =>
      of?.find(({ messages }) => messages[0]?.content === question?.content),
    )
    expect(
      inOrder.map((one) => (one?.isValid ? one.score : 'invalid')),
      `${path}\n${printed}`,
    ).toEqual(inNode)
    expect(inOrder.slice(-Object.keys(INVALID).length).map((one) => one?.reason)).toEqual(
      Object.values(INVALID).map((reason) => expect.stringMatching(reason)),
    )
    expect(inOrder.map((one) => one?.messages.length)).toEqual(dataset.map(() => 2))
  }
  expect(model.asked).toHaveLength(tests.length * dataset.length)
})

/** What the function itself says, where nothing of ours is around it. */
async function scoresInNode(dir: string, dataset: readonly object[]): Promise<unknown> {
  const program = `
import score from './src/score.ts'
process.exit = () => { throw new Error('exit') }
console.log = () => {}
const results = []
for (const { messages, ground_truth: groundTruth } of JSON.parse(process.argv[1])) {
  const answer = { role: 'assistant', content: messages[0].content.replace('say: ', '') }
  const result = await score({ messages: [...messages, answer], groundTruth }).catch(() => undefined)
  const number = result?.score ?? result
  results.push(typeof number === 'number' && number >= 0 && number <= 1 ? number : 'invalid')
}
process.stdout.write(JSON.stringify(results))
`
  const args = ['--input-type=module', '-e', program, JSON.stringify(dataset)]
  const { stdout } = await run(process.execPath, args, { cwd: dir })
  return JSON.parse(stdout)
}

test('every option has its effect on a run', { timeout }, async ({ skip }) => {
  const made = await bench()
  if ('missing' in made) return skip(made.missing)
  const { python, scratch, model } = made
  const own = (name: string, temperature: number) => ({
    model: `openai/${name}`,
    base_url: `${model.url}/v1`,
    api_key: 'k',
    temperature,
  })
  const options: Record<string, object> = {
    models: { completionParams: [own('one', 0.25), own('two', 0.5)] },
    remote: { rollout: { remote: `${model.url}/mine` }, completionParams: [own('three', 1)] },
    none: { rollout: 'none' },
    'low-bar': { rollout: 'none', passedThreshold: 0.1 },
    'high-bar': { rollout: 'none', passedThreshold: 0.9 },
    steady: { rollout: 'none', passedThreshold: { success: 0.1, standardError: 0.001 } },
    'in-time': { rollout: 'none', rows: 'slow.jsonl' },
    late: { rollout: 'none', rows: 'slow.jsonl', timeoutMs: 4000 },
  }
  const answered = (question: string, answer: string) => ({
    messages: [
      { role: 'user', content: question },
      { role: 'assistant', content: answer },
    ],
  })
  await using project = await createProject(
    {
      'package.json': '{ "type": "module" }',
      'rows.jsonl': jsonl([answered('say: a', 'abc'), answered('say: b', 'abcdef')]),
      'slow.jsonl': jsonl([answered('say: slow', 'slow')]),
      'score.ts': `import { setTimeout } from 'node:timers/promises'
export default async ({ messages }) => {
  const answer = String(messages.at(-1).content)
  if (answer === 'slow') await setTimeout(8000)
  return answer.length / 10
}
`,
      'build.mjs': `import { build } from 'esbuild'
import { fwEvaluator } from '@fw/esbuild-plugin'
for (const [evaluatorId, options] of Object.entries(${JSON.stringify(options)}))
  await build({ plugins: [fwEvaluator({ evaluatorId, score: 'score.ts', rows: 'rows.jsonl', wait: true, ...options })] })
`,
    },
    latestEsbuild.packages,
  )
  await build(made, { lane: latestEsbuild, run: ['node', 'build.mjs'], files: {} }, project.dir)
  const tests: string[] = []
  for (const id of Object.keys(options)) tests.push(await pull(made, id, 'module'))

  const { rows, printed, outcomes } = await pytest({ python, tests, scratch: join(scratch, 'pytest') })
  const scores = (id: string) =>
    rows
      .get(`test_${id.replace('-', '_')}`)
      ?.map(({ score, isValid }) => (isValid ? score : 'invalid'))
      .sort()
  expect(scores('models'), printed).toEqual([0.1, 0.1, 0.1, 0.1])
  expect(model.asked.map((one) => [one.model, one.temperature]).sort()).toEqual([
    ['one', 0.25],
    ['one', 0.25],
    ['two', 0.5],
    ['two', 0.5],
  ])
  expect(model.others.filter((path) => path !== '/mine/init')).toEqual([])
  expect(model.others).toHaveLength(2)
  expect(scores('remote')).toEqual(['invalid', 'invalid'])
  expect(scores('none')).toEqual([0.3, 0.6])
  expect(outcomes).toMatchObject({
    test_none: 'PASSED',
    test_low_bar: 'PASSED',
    test_high_bar: 'FAILED',
    test_steady: 'FAILED',
  })
  expect(scores('in-time')).toEqual([0.4])
  expect(rows.get('test_late')).toMatchObject([
    { isValid: false, reason: expect.stringMatching(/within 4 s/) },
  ])
})
