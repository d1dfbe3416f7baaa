import { packEvaluator } from '@fw/evaluator-core'
import type { Context, Done } from '../context.ts'
import { defaultId } from '../options/evaluator-name.ts'
import { folderRules, type UploadFlags } from '../options/upload-options.ts'
import { formatBytes, plural } from '../terminal/format.ts'
import { printLeftOut } from '../terminal/left-out.ts'
import { createLogger } from '../terminal/logger.ts'
import { createProgress } from '../terminal/progress.ts'

type PackFlags = Pick<
  UploadFlags,
  'id' | 'include' | 'exclude' | 'gitignore' | 'allowSecret' | 'entryPoint'
> & {
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
      allowSecrets: flags.allowSecret,
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
        printLeftOut(err, leftOut)
        const facts = `${formatBytes(size)}, ${plural(entries.length, 'file')}\nsha256 ${sha256}`
        return `Wrote ${out.style('bold', file)}\n${facts}`
      },
    }
  } finally {
    progress.stop()
  }
}
