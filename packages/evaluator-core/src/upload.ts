import type { Archive } from './archive.ts'
import type { components } from './generated/openapi.ts'
import type { Step } from './progress.ts'

/** An evaluator as the service describes it; unknown fields may be there too. */
export type Evaluator = components['schemas']['gatewayEvaluator']

export interface UploadResult {
  /** `unchanged`: the service holds the same bytes and fields, nothing was sent. */
  outcome: 'uploaded' | 'unchanged' | 'dry-run'
  /** `accounts/<account>/evaluators/<id>`; without an account (a dry run that knows none) `evaluators/<id>`. */
  name: string
  /** As last seen. Missing in a dry run. */
  evaluator?: Evaluator
  /** Its page in the browser. */
  dashboardUrl: string
  archive: Pick<Archive, 'fileName' | 'size' | 'sha256' | 'md5' | 'entries' | 'leftOut'>
  /** Milliseconds; 0 for a step that was not needed. */
  timings: Record<Step, number>
}
