import { packEvaluator } from '@fw/evaluator-core'
import type { Context, Done } from '../context.ts'
import { defaultId } from '../default-id.ts'
import { formatBytes, plural } from '../format.ts'
import { createLogger } from '../logger.ts'
import { createProgress } from '../progress.ts'
import { folderRules, type UploadFlags } from '../upload-flags.ts'
import { wrap } from '../wrap.ts'
import { describeLeftOut } from './left-out.ts'

type PackFlags = Pick<UploadFlags, 'id' | 'include' | 'exclude' | 'gitignore' | 'entryPoint'> & {
  out: string
}

export async function pack(
  { out, err, verbose, gateway }: Context,
  dir = '.',
  flags: PackFlags,
): Promise<Done> {
  const { out: file, id, entryPoint } = flags
  const evaluatorId = id ?? defaultId(file, dir)
  const progress = createProgress(err)
  try {
    const archive = await packEvaluator({
      evaluatorId,
      source: { dir, ...folderRules(flags) },
      entryPoint,
      outFile: file,
      signal: gateway.signal,
      logger: createLogger(err, verbose, progress.keep),
      onProgress: progress.task().onProgress,
    })
    const { size, sha256, md5, entries, leftOut } = archive
    progress.stop()
    return {
      result: { file, evaluatorId, size, sha256, md5, entries, leftOut, entryPoint: archive.entryPoint },
      text() {
        const rules = describeLeftOut(leftOut)
        if (rules) err.line(wrap(`${err.style('dim', 'left out')}  `, rules, err.columns()))
        const facts = `${formatBytes(size)}, ${plural(entries.length, 'file')}\nsha256 ${sha256}`
        return `Wrote ${out.style('bold', file)}\n${facts}`
      },
    }
  } finally {
    progress.stop()
  }
}
