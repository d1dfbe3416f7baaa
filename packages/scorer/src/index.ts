export { checkScorer } from './check-scorer.ts'
export type * from './models.ts'
export {
  type CompletionParams,
  type PassedThreshold,
  type ResolvedRunOptions,
  type Rollout,
  type RunOptions,
  resolveRunOptions,
} from './options.ts'
export { checkRows } from './rows.ts'
export { type ScorerFiles, type ScorerFilesOptions, scorerFiles } from './scorer-files.ts'
