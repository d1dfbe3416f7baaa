import { createReadStream } from 'node:fs'
import { packEvaluator } from '@fw/evaluator-core'
import { outputFile, writeOutput } from '../archive/output-file.ts'
import type { Context, Done } from '../context.ts'
import { defaultId } from '../options/evaluator-name.ts'
import { type FolderFlags, folderRules, type UploadFlags } from '../options/upload-options.ts'
import { formatBytes, plural, printable } from '../terminal/format.ts'
import { printLeftOut } from '../terminal/left-out.ts'
import { createLogger } from '../terminal/logger.ts'
import { createProgress } from '../terminal/progress.ts'

type PackFlags = FolderFlags &
  Pick<UploadFlags, 'id' | 'entryPoint'> & {
    out?: string | undefined
  }

export async function pack(
  { out, err, verbose, signal }: Context,
  dir = '.',
  flags: PackFlags,
): Promise<Done> {
  const { id, entryPoint } = flags
  // A name for the archive names the evaluator too, unless it is that of a folder or of a device.
  const named = flags.out !== undefined && /\.(tar\.gz|tgz)$/.test(flags.out) ? flags.out : undefined
  const evaluatorId = id ?? defaultId(named, dir)
  const fileName = `${evaluatorId}.tar.gz`
  const target = await outputFile(flags.out ?? fileName, fileName)
  const progress = createProgress(err)
  try {
    const archive = await packEvaluator({
      evaluatorId,
      source: { dir, ...folderRules(flags) },
      allowSecrets: flags.allowSecret,
      entryPoint,
      ...(!target.isStream && { outFile: target.path }),
      signal,
      logger: createLogger(err, verbose, progress.keep),
      onProgress: progress.task().onProgress,
    })
    const { size, sha256, md5, entries, leftOut, body } = archive
    if (target.isStream) {
      const content = 'path' in body ? createReadStream(body.path, { signal }) : body.bytes
      await writeOutput(target, content, signal).finally(() => archive.dispose())
    }
    progress.stop()
    return {
      result: {
        file: target.shown,
        evaluatorId,
        size,
        sha256,
        md5,
        entries,
        leftOut,
        entryPoint: archive.entryPoint,
      },
      text() {
        printLeftOut(err, leftOut)
        const facts = `${formatBytes(size)}, ${plural(entries.length, 'file')}\nsha256 ${sha256}`
        const text = `Wrote ${out.style('bold', printable(target.shown))}\n${facts}`
        // stdout may be where the archive went.
        if (!target.isStream) return text
        err.line(text)
        return ''
      },
    }
  } finally {
    progress.stop()
  }
}
