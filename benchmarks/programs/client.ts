/** Uploads as a user's process does, when it is told to. */
import { packEvaluator, type UploadOptions, uploadEvaluator } from '@fw/evaluator-core'
import { Agent } from 'undici'
import { serveCalls } from '../lib/calls.ts'
import { straightUpload } from '../lib/straight.ts'

export interface Upload {
  readonly evaluatorId: string
  /** Files by their path in the archive. */
  readonly files: Readonly<Record<string, string | { path: string }>>
  /** Keeps the connections for the next call. */
  readonly warm?: boolean
}

export interface Uploaded {
  readonly ms: number
  readonly outcome: string
  /** Milliseconds of it until the archive was packed. What comes after it waits for it, mostly. */
  readonly packedMs: number
  /** Of the archive, in bytes. */
  readonly size: number
}

let agent: Agent | undefined
const methods = {
  async upload({ evaluatorId, files, warm = false }: Upload): Promise<Uploaded> {
    if (warm) agent ??= new Agent()
    let packedMs = 0
    const options: UploadOptions = {
      evaluatorId,
      source: { files },
      onProgress(event) {
        if (event.type === 'end' && event.step === 'pack') packedMs = performance.now() - began
      },
      ...(agent && { dispatcher: agent }),
    }
    const began = performance.now()
    const { outcome, archive } = await uploadEvaluator(options)
    return { ms: performance.now() - began, outcome, packedMs, size: archive.size }
  },
  /** What one would write without this package. */
  async straight({ evaluatorId, files }: Upload): Promise<Uploaded> {
    const began = performance.now()
    const archive = await packEvaluator({ evaluatorId, source: { files } })
    const packedMs = performance.now() - began
    const outcome = await straightUpload(evaluatorId, archive)
    return { ms: performance.now() - began, outcome, packedMs, size: archive.size }
  },
  async pack({ evaluatorId, files }: Upload): Promise<{ ms: number; size: number }> {
    const began = performance.now()
    const { size, dispose } = await packEvaluator({ evaluatorId, source: { files } })
    await dispose()
    return { ms: performance.now() - began, size }
  },
}
export type ClientMethods = typeof methods
serveCalls(methods)
