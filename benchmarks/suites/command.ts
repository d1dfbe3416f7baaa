import { mkdir, rm, writeFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startChild } from '../lib/calls.ts'
import type { Context } from '../lib/context.ts'
import { makeCorpus } from '../lib/corpus.ts'
import { type Figure, figure, type SuiteResult } from '../lib/figure.ts'
import { type Command, type Measured, measured } from '../lib/measured.ts'
import { programFile } from '../lib/programs.ts'
import { ratios, rounds } from '../lib/rounds.ts'
import type { ServiceMethods } from '../programs/service.ts'

const BIN = fileURLToPath(new URL('../node_modules/@fw/evaluator-cli/dist/cli.js', import.meta.url))
const MAX_UNCHANGED_MS = 150
/** What reads an archive, to what GNU tar takes for the same. */
const TO_TAR = 3
const MAX_RSS_MB = 120

type Env = Readonly<Record<string, string>>

/** The command as whole processes: an upload of what is unchanged, and what reads an archive of a gigabyte. */
export async function commandSuite(context: Context): Promise<SuiteResult> {
  const service = startChild<ServiceMethods>('service')
  try {
    const { env } = await service.call('start', { buildMs: 1 })
    const figures = await unchanged(context, env)
    if (!context.tools.tar || !context.tools.pigz)
      return { figures, notes: ['Without tar and pigz the large archive is not compared.'] }
    return {
      figures: [...figures, ...(await large(context, env))],
      notes: ['For diff a shell packs the folder with tar and pigz, and compares with `tar --diff`.'],
    }
  } finally {
    await service.stop()
  }
}

async function unchanged(context: Context, env: Env): Promise<Figure[]> {
  const cwd = `${context.dir}/small`
  await mkdir(cwd)
  await writeFile(`${cwd}/requirements.txt`, 'eval-protocol\n')
  await writeFile(`${cwd}/test_scorer.py`, '@evaluation_test()\ndef test_scorer(row):\n    return row\n')
  const figures: Figure[] = []
  for (const { label, path } of context.nodes) {
    context.log(`unchanged, ${label}`)
    const upload = () => measured(context, { argv: [path, BIN, 'upload', '.', '--id', 'small'], cwd, env })
    await upload()
    const samples = await rounds(context.quick ? 5 : 25, {
      nothing: () => measured(context, { argv: [path, programFile('nothing')] }),
      upload,
    })
    const goal = label === 'Node 20' ? MAX_UNCHANGED_MS : undefined
    figures.push(
      figure('upload, unchanged', `whole process: ${label}`, 'ms', (samples.upload ?? []).map(wall), goal),
      figure('an empty process', `whole: ${label}`, 'ms', (samples.nothing ?? []).map(wall)),
    )
  }
  return figures
}

async function large(context: Context, env: Env): Promise<Figure[]> {
  const { dir, quick, nodes } = context
  const [oldest] = nodes
  if (!oldest) throw new Error('There is no Node to run')
  const [files, bytes] = quick ? [100, 30e6] : [1000, 1e9]
  const corpus = await makeCorpus(dir, { name: '', files, bytes })
  const id = basename(corpus.dir)
  const command = (...args: string[]): Command => ({ argv: [oldest.path, BIN, ...args], cwd: dir, env })
  context.log(`an archive of ${bytes / 1e6} MB`)
  await measured(context, command('upload', corpus.dir, '--id', id, '--no-entry-point'))
  const archive = `${dir}/${id}.tar.gz`
  await measured(context, command('pack', corpus.dir, '--id', id, '--out', archive))
  await writeFile(`${corpus.dir}/requirements.txt`, 'eval-protocol>=0.3\n')

  const out = `${dir}/out`
  const into = async (given: Command): Promise<Measured> => {
    const result = await measured(context, given)
    await rm(out, { recursive: true })
    return result
  }
  const shell = (script: string): Command => ({ argv: ['sh', '-c', script], cwd: dir })
  const samples = await rounds(2, {
    inspect: () => measured(context, command('inspect', archive, '--json')),
    'tar inspect': () => measured(context, shell(`tar -tzf ${archive}`)),
    pull: () => into(command('pull', id, '--out', out, '--max-size', '2GB')),
    'tar pull': () => into(shell(`mkdir ${out} && tar -xzf ${archive} -C ${out}`)),
    diff: () => measured(context, command('diff', id, corpus.dir, '--name-only')),
    'tar diff': () =>
      into(
        shell(
          `mkdir ${out} && tar -cf - ${id} | pigz -p 2 -6 > ${out}/a && tar -dzf ${archive} -C ${dir}; [ $? -le 1 ]`,
        ),
      ),
  })
  const subject = `an archive of ${bytes / 1e6} MB`
  // Of a small one the start of the process is the most.
  const [maxRatio, maxRss] = quick ? [] : [TO_TAR, MAX_RSS_MB]
  return ['inspect', 'pull', 'diff'].flatMap((name) => {
    const own = samples[name] ?? []
    return [
      figure(
        subject,
        `${name}, time to GNU tar`,
        'ratio',
        ratios(own, samples[`tar ${name}`], wall),
        maxRatio,
      ),
      figure(
        subject,
        `${name}, time`,
        's',
        own.map(({ wallMs }) => wallMs / 1000),
      ),
      figure(
        subject,
        `${name}, peak RSS`,
        'MB',
        own.map(({ rssMb }) => rssMb),
        maxRss,
      ),
    ]
  })
}

function wall({ wallMs }: Measured): number {
  return wallMs
}
