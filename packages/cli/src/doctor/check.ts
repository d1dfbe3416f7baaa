/** One line of the doctor's. */
export interface Check {
  name: string
  status: 'ok' | 'warn' | 'fail' | 'skipped'
  detail: string
  /** The mend. */
  hint?: string
}

export type Tell = (check: Check) => void
