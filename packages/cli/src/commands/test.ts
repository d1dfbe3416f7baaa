import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { EvaluatorUploadError } from '@fw/evaluator-core'
import { withScratch } from '../archive/output-file.ts'
import type { Context, Done } from '../context.ts'
import { pythonWithRequirements } from '../evaluation/python.ts'
import { failureLines, type RunResult, runEvaluator, type ScoredRow } from '../evaluation/run.ts'
import { configuredEvaluator, findEntryPoint, type SourceFlags, unpackSource } from '../evaluation/unpack.ts'
import { formatMs, plural, printable } from '../terminal/format.ts'
import type { Out } from '../terminal/out.ts'
import { table } from '../terminal/table.ts'
import { UsageError } from '../terminal/usage-error.ts'
import { wrap } from '../terminal/width.ts'

export type TestFlags = SourceFlags & {
  fromBuild?: string | true | undefined
  entryPoint?: string | undefined
  rows?: number | undefined
  model?: string | undefined
  timeout?: number | undefined
}

const DEFAULT_TIMEOUT_MS = 300_000

/** The `result` of the JSON document. */
interface TestResult {
  evaluatorId: string
  entryPoint: string
  model?: string
  rows: readonly ScoredRow[]
  /** Of the valid scores. */
  mean?: number
  /** The reasons for exit code 1. */
  problems: readonly string[]
  warnings: readonly string[]
  timings: Readonly<Record<'unpack' | 'install' | 'run', number>>
}

export async function test(context: Context, path: string | undefined, flags: TestFlags): Promise<Done> {
  const { signal, err, out, verbose } = context
  return withScratch(join(tmpdir(), 'fw-test-'), async (scratch) => {
    const { env } = process
    const onText = verbose ? err.write : undefined
    const clock = stopwatch()
    const source = await chooseSource(context, path, flags, scratch)
    const unpacked = await unpackSource(context, source.from, flags, scratch)
    const entryPoint = flags.entryPoint || source.entryPoint || (await findEntryPoint(context, unpacked))
    const unpack = clock()
    const python = await pythonWithRequirements(unpacked.dir, { env, signal, say: err.line, onText })
    const install = clock()
    const { model, rows, timeout: timeoutMs = DEFAULT_TIMEOUT_MS } = flags
    err.line(`Running ${entryPoint}${model === undefined ? '' : `, asking ${model}`} …`)
    const { dir } = unpacked
    const run = await runEvaluator({
      ...{ python, dir, entryPoint, scratch, model, rows, timeoutMs, env, signal, onText },
    })
    if (signal.aborted) throw new EvaluatorUploadError('FW_ABORTED', 'Interrupted.')
    const valid = run.rows.filter(({ isScoreValid }) => isScoreValid).map(({ score }) => score)
    const result: TestResult = {
      evaluatorId: unpacked.evaluatorId,
      entryPoint,
      ...(model !== undefined && { model }),
      rows: run.rows,
      ...(valid.length > 0 && { mean: valid.reduce((sum, score) => sum + score, 0) / valid.length }),
      problems: problemsOf(run, rows, timeoutMs),
      warnings: warningsOf(run, valid, model),
      timings: { unpack, install, run: clock() },
    }
    return { result, failed: result.problems.length > 0, text: () => describe(result, out) }
  })
}

interface TestSource {
  from: Parameters<typeof unpackSource>[1]
  /** From the build or the config. */
  entryPoint?: string | false | undefined
}

async function chooseSource(
  context: Context,
  path: string | undefined,
  flags: TestFlags,
  scratch: string,
): Promise<TestSource> {
  const { fromBuild, config } = flags
  if (config !== undefined && (path ?? fromBuild) !== undefined) {
    throw new UsageError(
      `--config and ${path === undefined ? '--from-build' : `"${path}"`} cannot be given together.`,
      'The config names the files.',
    )
  }
  if (fromBuild !== undefined) {
    const { archiveOfBuild } = await import('../evaluation/from-build.ts')
    const { path: from, entryPoint } = await archiveOfBuild(context, path ?? '.', flags, scratch)
    return { from, entryPoint }
  }
  const configured = path === undefined ? await configuredEvaluator(flags) : undefined
  if (configured) return { from: configured, entryPoint: configured.evaluator?.entryPoint }
  return { from: path ?? '.' }
}

/** Returns the milliseconds since its last call. */
function stopwatch(): () => number {
  let last = performance.now()
  return () => {
    const now = performance.now()
    const ms = Math.round(now - last)
    last = now
    return ms
  }
}

function problemsOf(
  { rows, passed, timedOut, text }: RunResult,
  asked: number | undefined,
  timeoutMs: number,
): string[] {
  const problems: string[] = []
  if (timedOut) problems.push(`It did not come to an end within ${formatMs(timeoutMs)}, and was ended.`)
  else if (!passed) problems.push(['The test failed.', ...failureLines(text)].join('\n'))
  const invalid = rows.filter(({ isScoreValid }) => !isScoreValid).length
  if (invalid > 0)
    problems.push(`${plural(invalid, 'score')} of ${rows.length} ${invalid === 1 ? 'is' : 'are'} not valid.`)
  if (passed && rows.length === 0) problems.push('No row was scored.')
  if (passed && asked !== undefined && rows.length < asked)
    problems.push(`Only ${plural(rows.length, 'row')} came out of ${asked} that were asked for.`)
  return problems
}

function warningsOf({ rows }: RunResult, valid: readonly number[], model: string | undefined): string[] {
  const warnings: string[] = []
  if (valid.length > 1 && valid.every((score) => score === valid[0]))
    warnings.push(`All scores are ${valid[0]}: nothing can be learned from them.`)
  const unanswered = rows.filter(({ lastRole }) => lastRole !== undefined && lastRole !== 'assistant').length
  if (unanswered > 0) {
    const why = model === undefined ? 'no model was asked: --model names one' : 'the model gave no answer'
    warnings.push(
      `${plural(unanswered, 'row')} of ${rows.length} ${unanswered === 1 ? 'has' : 'have'} no answer to score, as ${why}.`,
    )
  }
  return warnings
}

function describe({ entryPoint, rows, mean, problems, warnings, timings }: TestResult, out: Out): string {
  const layout = [
    { title: 'row' },
    { title: 'score', align: 'right' },
    { title: 'time', align: 'right' },
    { title: 'reason', shrinks: true },
  ] as const
  const cells = rows.map(({ score, isScoreValid, reason = '', ms }, index) => [
    String(index + 1),
    isScoreValid ? String(Number(score.toFixed(4))) : 'invalid',
    ms === undefined ? '' : formatMs(ms),
    printable(reason.replace(/\s+/g, ' ')),
  ])
  const dim = (text: string): string => out.style('dim', text)
  const lines = rows.length > 0 ? [...table(layout, cells, out.columns(), dim), ''] : []
  const say = (sign: string, text: string): void => {
    for (const line of text.split('\n')) lines.push(wrap(`${sign} `, printable(line), out.columns()))
  }
  for (const warning of warnings) say(out.style('yellow', '▲'), warning)
  for (const problem of problems) say(out.style('red', '✖'), problem)
  const facts = [
    plural(rows.length, 'row'),
    mean !== undefined && `mean ${Number(mean.toFixed(4))}`,
    formatMs(timings.run),
  ]
  const sign = problems.length > 0 ? out.style('red', '✖') : out.style('green', '✔')
  lines.push(`${sign} ${entryPoint} ${dim(facts.filter(Boolean).join(', '))}`)
  return lines.join('\n')
}
