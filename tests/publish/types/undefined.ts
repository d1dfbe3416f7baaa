// In a strict project with exactOptionalPropertyTypes, every optional property must also accept undefined, because
// values from the environment or from a user's own options are often undefined.
import type {
  DownloadOptions,
  EvaluatorFields,
  GatewayOptions,
  ListOptions,
  MatchOptions,
  PackOptions,
  PoolOptions,
  RetryOptions,
  SourceDir,
  TimeoutOptions,
  UploadOptions,
  WaitOptions,
} from '@fw/evaluator-core'
import { uploadEvaluator } from '@fw/evaluator-core'
import type { EmulatorOptions } from '@fw/evaluator-emulator'
import type { RunOptions, ScorerFilesOptions } from '@fw/evaluator-scorer'
import { fwEvaluator, type PluginOptions } from '@fw/vite-plugin'

type Optional<T> = { [Name in keyof T]-?: object extends Pick<T, Name> ? Name : never }[keyof T]
/** Optional properties that do not accept undefined. */
type Strict<T> = {
  [Name in Optional<T>]-?: { [Only in Name]: undefined } extends Pick<T, Name> ? never : Name
}[Optional<T>]
type Lax<T> = [Strict<T>] extends [never] ? true : Strict<T>

/** Shows that the type above works. */
export const strict: Lax<{ strict?: string; lax?: string | undefined; needed: string }> = 'strict'

export const lax: [
  Lax<UploadOptions>,
  Lax<EvaluatorFields>,
  Lax<GatewayOptions>,
  Lax<PackOptions>,
  Lax<PoolOptions>,
  Lax<SourceDir>,
  Lax<MatchOptions>,
  Lax<DownloadOptions>,
  Lax<ListOptions>,
  Lax<RetryOptions>,
  Lax<TimeoutOptions>,
  Lax<WaitOptions>,
  Lax<EmulatorOptions>,
  Lax<RunOptions>,
  Lax<ScorerFilesOptions>,
  Lax<PluginOptions>,
] = [true, true, true, true, true, true, true, true, true, true, true, true, true, true, true, true]

export async function fromEnvironment(): Promise<void> {
  const { FIREWORKS_API_KEY: apiKey, ENTRY_POINT: entryPoint } = process.env
  await uploadEvaluator({ evaluatorId: 'a', source: 'dist', apiKey, evaluator: { entryPoint } })
  fwEvaluator({ evaluatorId: 'a', apiKey, evaluator: { entryPoint }, report: process.env.REPORT })
}
