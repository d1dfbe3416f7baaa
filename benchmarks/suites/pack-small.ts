import { basename } from 'node:path'
import type { Context } from '../lib/context.ts'
import { makeCorpus } from '../lib/corpus.ts'
import { type Figure, figure } from '../lib/figure.ts'
import { measured } from '../lib/measured.ts'
import { programFile } from '../lib/programs.ts'
import { differences, rounds } from '../lib/rounds.ts'

/** The first ones compile code, and are the case of the whole process. */
const WARM_UPS = 3

/** What most evaluators are: small. Here the start counts, not the throughput. */
export async function packSmall(context: Context): Promise<Figure[]> {
  const { quick, nodes, dir } = context
  const name = '1 MB in 30 files'
  const corpus = await makeCorpus(dir, { name, files: 30, bytes: 1e6 })
  const outFile = `${dir}/${basename(corpus.dir)}.tar.gz`
  const figures: Figure[] = []
  for (const { label, path } of nodes) {
    context.log(`${name}, ${label}`)
    const program = (name: string, ...args: string[]) =>
      measured(context, { argv: [path, programFile(name), ...args] })
    const samples = await rounds(quick ? 7 : 15, {
      nothing: () => program('nothing'),
      pack: () => program('pack', corpus.dir, outFile),
    })
    const { stdout } = await program('pack-again', corpus.dir, String(WARM_UPS + (quick ? 10 : 30)))
    const inProcess: number[] = JSON.parse(stdout)
    figures.push(
      figure(name, `in a running process: ${label}`, 'ms', inProcess.slice(WARM_UPS), 25),
      figure(name, `first in a process: ${label}`, 'ms', inProcess.slice(0, 1)),
      figure(
        name,
        `whole process over an empty one: ${label}`,
        'ms',
        differences(samples.pack, samples.nothing, ({ wallMs }) => wallMs),
        40,
      ),
    )
  }
  return figures
}
