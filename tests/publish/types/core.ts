import {
  createGateway,
  EvaluatorUploadError,
  packEvaluator,
  type UploadOptions,
  type UploadResult,
  uploadEvaluator,
} from '@fw/evaluator-core'

export async function good(signal: AbortSignal): Promise<UploadResult> {
  const options: UploadOptions = {
    evaluatorId: 'my-eval',
    source: { dir: '.', include: ['src/**'], exclude: ['**/*.map'], gitignore: true },
    evaluator: { displayName: 'Mine', entryPoint: 'main.py', requirements: 'requests' },
    ifMissing: 'error',
    wait: { timeoutMs: 1000, intervalMs: 10 },
    retry: { attempts: 2, baseDelayMs: 1, maxDelayMs: 2 },
    timeouts: { connectMs: 1, attemptMs: 1, totalMs: 1 },
    signal,
    onProgress: (event) => console.log(event),
  }
  await uploadEvaluator({ evaluatorId: 'a', source: 'dist' })
  await uploadEvaluator({ evaluatorId: 'a', source: { files: { 'a.py': 'x', 'b.bin': new Uint8Array(1) } } })
  await uploadEvaluator({ evaluatorId: 'a', source: { files: { 'c.py': { path: 'c.py' } } }, wait: true })
  const archive = await packEvaluator({ evaluatorId: 'a', source: 'dist' })
  const digest: string = archive.sha256
  const size: number = archive.size
  await archive.dispose()
  console.log(digest, size, createGateway({ apiKey: 'k' }))
  return uploadEvaluator(options)
}

export function outcomeOf({ outcome, archive, timings }: UploadResult): string {
  const known: 'uploaded' | 'unchanged' | 'dry-run' = outcome
  const first: string | undefined = archive.entries[0]?.path
  const ms: number = timings.put
  return `${known} ${first} ${ms}`
}

export function codeOf(error: unknown): string | undefined {
  if (!(error instanceof EvaluatorUploadError)) return undefined
  const hint: string | undefined = error.hint
  const status: number | undefined = error.status
  return `${error.code} ${hint} ${status}`
}

export async function bad(): Promise<void> {
  // @ts-expect-error the evaluator must be named
  await uploadEvaluator({ source: 'dist' })
  // @ts-expect-error there must be something to upload
  await uploadEvaluator({ evaluatorId: 'a' })
  // @ts-expect-error an id is a string
  await uploadEvaluator({ evaluatorId: 1, source: 'dist' })
  // @ts-expect-error no such choice
  await uploadEvaluator({ evaluatorId: 'a', source: 'dist', ifMissing: 'ignore' })
  // @ts-expect-error no such option
  await uploadEvaluator({ evaluatorId: 'a', source: 'dist', waitForActive: true })
  // @ts-expect-error a folder or files, not both by a list
  await uploadEvaluator({ evaluatorId: 'a', source: ['a.py'] })
  const result = await uploadEvaluator({ evaluatorId: 'a', source: 'dist' })
  // @ts-expect-error a result is read, not written
  result.archive.sha256 = ''
  // @ts-expect-error no such outcome
  if (result.outcome === 'failed') throw new Error()
  const error: unknown = undefined
  // @ts-expect-error no such code
  if (error instanceof EvaluatorUploadError && error.code === 'FW_UNKNOWN') throw error
}
