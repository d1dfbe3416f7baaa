import { describe, expect, test } from 'vitest'
import { resolveOptions } from './options.ts'

const resolve = (options: object, env: Record<string, string> = {}) =>
  resolveOptions(Object.assign({ evaluatorId: 'my-evaluator' }, options), env)

test('defaults, frozen', () => {
  const resolved = resolve({})
  expect(resolved).toEqual({
    evaluatorId: 'my-evaluator',
    include: [],
    exclude: [],
    sourceMaps: false,
    onError: 'fail',
    watch: false,
    environments: undefined,
    root: undefined,
    insists: false,
    report: undefined,
    onUploaded: undefined,
    upload: { evaluatorId: 'my-evaluator' },
  })
  expect(Object.isFrozen(resolved)).toBe(true)
  expect(Object.isFrozen(resolved?.upload)).toBe(true)
})

test('what is not ours goes to core as it is', () => {
  const upload = {
    apiKey: 'k',
    accountId: 'a',
    wait: true,
    dryRun: true,
    skipUnchanged: false,
    ifMissing: 'error',
  }
  expect(resolve({ ...upload, include: ['*.py'], watch: true })?.upload).toEqual({
    evaluatorId: 'my-evaluator',
    ...upload,
  })
})

test('later changes of what the user gave change nothing', () => {
  const include = ['*.py']
  const resolved = resolve({ include })
  include.push('*.txt')
  expect(resolved?.include).toEqual(['*.py'])
})

describe('switched off', () => {
  test.for([
    [{ enabled: false }, {}],
    [{}, { FW_EVALUATOR_UPLOAD: '0' }],
    [{}, { FW_EVALUATOR_UPLOAD: ' 0 ' }],
  ] as const)('%j %j', ([options, env]) => expect(resolve(options, env)).toBeUndefined())
  test('nothing else is looked at then', () => {
    expect(resolve({ enabled: false, evaluatorId: undefined, nonsense: 1 })).toBeUndefined()
  })
  test.for([{}, { FW_EVALUATOR_UPLOAD: '' }, { FW_EVALUATOR_UPLOAD: '1' }])('not by %j', (env) => {
    expect(resolve({}, env)).toBeDefined()
  })
})

describe('refused', () => {
  test.for([
    [{ evalutorId: 'x' }, /unknown option "evalutorId"\. Did you mean "evaluatorId"\?/],
    [{ onUpload: () => {} }, /unknown option "onUpload"\. Did you mean "onUploaded"\?/],
    [{ source: '.' }, /unknown option "source"/],
    [{ zzzzzzzz: 1 }, /unknown option "zzzzzzzz"\.$/],
    [{ evaluatorId: undefined }, /evaluatorId is missing/],
    [{ evaluatorId: ' ' }, /evaluatorId is missing/],
    [{ evaluatorId: 7 }, /evaluatorId must be a string, not number/],
    [{ include: '*.py' }, /include must be a list of strings, not '\*\.py'/],
    [{ exclude: [1] }, /exclude must be a list of strings, not a list/],
    [{ environments: 'ssr' }, /environments must be a list/],
    [{ onError: 'ignore' }, /onError must be 'fail', 'warn' or a function, not 'ignore'/],
    [{ onUploaded: 'x' }, /onUploaded must be a function/],
    [{ watch: 'yes' }, /watch must be true or false, not 'yes'/],
    [{ enabled: 'no' }, /enabled must be true or false/],
    [{ sourceMaps: 1 }, /sourceMaps must be true or false/],
    [{ report: true }, /report must be a string/],
    [{ root: 1 }, /root must be a string/],
    [{ exclude: ['!x'] }, /exclude has '!x', which excludes nothing/],
    [{ exclude: [' '] }, /excludes nothing/],
    [{ exclude: ['../x'] }, /excludes nothing/],
    [{ exclude: ['./.'] }, /excludes nothing/],
  ] as const)('%j', ([options, message]) => {
    expect(() => resolve(options)).toThrow(TypeError)
    expect(() => resolve(options)).toThrow(message)
  })
})

test('patterns of exclude are taken as they are meant', () => {
  const given = ['/assets', './assets/', 'a//b/./c', 'assets\\big.txt', '\\[id\\].js', '!(a).js', 'a/.']
  expect(resolveOptions({ evaluatorId: 'a', exclude: given }, {})?.exclude).toEqual([
    ...['assets', 'assets', 'a/b/c', 'assets/big.txt', '\\[id\\].js', '!(a).js', 'a'],
  ])
})

test('a scorer needs its dataset, and its options need a scorer', () => {
  const scorer = (options: object) => resolveOptions({ evaluatorId: 'a', ...options }, {})?.scorer
  expect(scorer({ score: ' src/score.ts ', rows: 'rows.jsonl', timeoutMs: 5 })).toMatchObject({
    ...{ score: 'src/score.ts', rows: 'rows.jsonl', timeoutMs: 5, rollout: 'single-turn' },
  })
  expect(scorer({})).toBeUndefined()
  expect(() => scorer({ score: 'src/score.ts' })).toThrow(/score needs rows/)
  expect(() => scorer({ rows: 'rows.jsonl' })).toThrow(/rows is for an evaluator with score/)
  expect(() => scorer({ rollout: 'none' })).toThrow(/rollout is for an evaluator with score/)
  expect(() => scorer({ score: 1 })).toThrow(/score must be a string/)
  expect(() => scorer({ score: 'score.py', rows: 'rows.jsonl' })).toThrow(
    /not score\.py.*include: \['score\.py'/,
  )
  expect(() => scorer({ score: 'a.ts', rows: 'https://a.test/r.jsonl' })).toThrow(
    /rows must be the path of a file/,
  )
})

test.for([
  [{ completionParams: 'gpt' }, /^fwEvaluator: completionParams must be a list/],
  [{ rollout: 'multi-turn' }, /^fwEvaluator: rollout must be 'single-turn', 'none' or/],
  [{ passedThreshold: '0.5' }, /^fwEvaluator: passedThreshold must be a number from 0 to 1/],
  [{ timeoutMs: '60s' }, /^fwEvaluator: timeoutMs must be a number of milliseconds above 0\.$/],
] as const)('how a scorer runs is checked before the build: %j', ([options, message]) => {
  expect(() => resolve({ score: 'a.ts', rows: 'a.jsonl', ...options })).toThrow(TypeError)
  expect(() => resolve({ score: 'a.ts', rows: 'a.jsonl', ...options })).toThrow(message)
})
