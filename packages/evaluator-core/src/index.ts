export {
  downloadArchive,
  findNeverSent,
  matchFiles,
  openDownload,
  openPool,
  packEvaluator,
  uploadEvaluator,
} from './api.ts'
export type { Archive } from './archive/archive.ts'
export { type ConfigDescription, describeConfig, type Origin } from './config/config.ts'
export { isEvaluatorId, nearestEvaluatorId } from './config/evaluator-id.ts'
export { type ErrorCode, type ErrorDetails, EvaluatorUploadError } from './errors.ts'
export type { Account, Evaluator } from './gateway/evaluator.ts'
export type { Gateway, ListOptions } from './gateway/gateway.ts'
export { createGateway } from './gateway/session.ts'
export type { Pool, PoolOptions } from './http/connections.ts'
export type {
  ArchiveDownloadOptions,
  EvaluatorFields,
  FileContent,
  GatewayOptions,
  MatchOptions,
  PackOptions,
  RetryOptions,
  Source,
  SourceDir,
  SourceFiles,
  TimeoutOptions,
  UploadOptions,
  WaitOptions,
} from './options.ts'
export { printable } from './printable.ts'
export type { Logger, ProgressEvent, Step } from './progress.ts'
export type { LeftOut } from './source/left-out.ts'
export type { DownloadedArchive } from './store/archive-download.ts'
export type { Download, DownloadOptions } from './store/download.ts'
export type { UploadResult } from './upload/upload.ts'
