import { cp, mkdir, readdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { pythonWith } from '@fw-tests/python'
import { startChild } from '../lib/calls.ts'
import type { Context } from '../lib/context.ts'
import { figure, type SuiteResult } from '../lib/figure.ts'
import { type Measured, measured } from '../lib/measured.ts'
import { differences, ratios, rounds } from '../lib/rounds.ts'
import type { ServiceMethods } from '../programs/service.ts'

const BIN = fileURLToPath(new URL('../node_modules/@fw/evaluator-cli/dist/cli.js', import.meta.url))
const REQUIREMENTS = 'eval-protocol>=0.3.33,<0.4\n'
/** One of the evaluators in the folder. */
const ENTRY = 'test_aime25.py::test_aime25_pointwise'

interface Pass {
  readonly create: Measured
  readonly again: Measured
}

/**
 * Evaluators that come with eval-protocol, created and uploaded once more with a change, by `ep upload` and by our
 * command: whole processes, each to an emulator of its own. Of eval-protocol the version that the tests pin.
 */
export async function peerSuite(context: Context): Promise<SuiteResult> {
  const { dir, quick, nodes } = context
  const [node] = nodes
  if (!node) throw new Error('There is no Node to run')
  const list = join(dir, 'requirements.txt')
  await writeFile(list, REQUIREMENTS)
  const found = await pythonWith(list)
  if ('missing' in found) return { figures: [], notes: [`Not compared: ${found.missing}`] }

  const folder = join(dir, 'evaluators')
  await copyEvaluators(found.python, folder)
  let changes = 0
  const pass = async (
    create: readonly [string, ...string[]],
    again: readonly string[] = [],
  ): Promise<Pass> => {
    const service = startChild<ServiceMethods>('service')
    try {
      const started = await service.call('start', { buildMs: 1 })
      // Else litellm asks the network for prices, at each start.
      const env = { ...started.env, LITELLM_LOCAL_MODEL_COST_MAP: 'True' }
      const change = () => writeFile(join(folder, 'note.txt'), `${changes++}\n`)
      await change()
      const created = await measured(context, { argv: create, cwd: folder, env })
      await change()
      return {
        create: created,
        again: await measured(context, { argv: [...create, ...again], cwd: folder, env }),
      }
    } finally {
      await service.stop()
    }
  }
  const ep = [join(dirname(found.python), 'ep'), 'upload', '--entry', ENTRY, '--yes'] as const
  const ours = [node.path, BIN, 'upload', '.', '--id', 'aime25', '--entry-point', ENTRY] as const
  const samples = await rounds(quick ? 1 : 3, {
    // Without it `ep upload` stops where the evaluator exists; with it the evaluator is deleted and made anew.
    ep: () => pass(ep, ['--force']),
    ours: () => pass(ours),
  })
  const subjects = {
    create: "eval-protocol's evaluators, created",
    again: 'the same with a change, again',
  } as const
  const figures = (['create', 'again'] as const).flatMap((step) => {
    const wall = (pass: Pass) => pass[step].wallMs / 1000
    const rss = (pass: Pass) => pass[step].rssMb
    const [own = [], theirs = []] = [samples.ours, samples.ep]
    return [
      figure(subjects[step], `fw-evaluator upload, ${node.label}: time`, 's', own.map(wall)),
      figure(subjects[step], 'ep upload: time', 's', theirs.map(wall)),
      figure(subjects[step], 'time to that of ep upload', 'ratio', ratios(own, theirs, wall)),
      figure(subjects[step], 'peak RSS', 'MB', own.map(rss)),
      figure(subjects[step], 'peak RSS less than that of ep upload', 'MB', differences(theirs, own, rss)),
    ]
  })
  return { figures, notes: [] }
}

/** Its own benchmarks, which are evaluators with their data: ten files. */
async function copyEvaluators(python: string, folder: string): Promise<void> {
  const lib = join(dirname(dirname(python)), 'lib')
  const [version = ''] = (await readdir(lib)).filter((name) => name.startsWith('python3'))
  await mkdir(folder)
  await cp(join(lib, version, 'site-packages/eval_protocol/benchmarks'), folder, {
    recursive: true,
    filter: (path) => !path.endsWith('__pycache__'),
  })
  await writeFile(join(folder, 'requirements.txt'), REQUIREMENTS)
}
