// Messages from the server to the page. Compiled for Node and for the browser, so they must not need Node's types.
import type { Fault, FaultAction } from '../faults/faults.ts'

/** A request as the table shows it. The dialog asks for the rest. */
export interface RequestRow {
  number: number
  origin: 'gateway' | 'store'
  step: string | undefined
  evaluatorId: string | undefined
  method: string
  path: string
  status: number | undefined
  problem: string | undefined
  fault: FaultAction['kind'] | undefined
  bytesReceived: number
  bytesSent: number
  /** ISO 8601. */
  arrivedAt: string
  durationMs: number | undefined
  ended: boolean
}

/** A whole request, for its dialog. */
export interface RequestDetails extends RequestRow {
  query: Readonly<Record<string, string>>
  headers: Readonly<Record<string, string>>
  body?: unknown
  requestId: string
  answer?:
    | { readonly headers: Readonly<Record<string, string>>; readonly body?: string | undefined }
    | undefined
}

export interface EvaluatorRow {
  id: string
  state: string
  building: boolean
  displayName: string
  message: string
  files: { name: string; size: number; md5: string }[]
}

/** A fault with calls left. */
export interface FaultRow {
  /** Identifies it, to turn it off. */
  id: number
  fault: Fault
}

/** The page's events by name: `everything` comes first, and again after each lost connection. */
export interface PageEvents {
  everything: {
    accountId: string
    url: string
    storeUrl: string
    evaluators: EvaluatorRow[]
    /** The latest ones, oldest first. */
    requests: RequestRow[]
    faults: FaultRow[]
  }
  request: RequestRow
  evaluator: { id: string; evaluator: EvaluatorRow | null }
  faults: FaultRow[]
}

/** The entries of an uploaded archive, as far as it can be read. */
export interface ArchiveContent {
  name: string
  size: number
  md5: string
  entries: { path: string; size: number; type: string }[]
  problem: string | undefined
}

export interface EvaluatorDetails {
  resource: unknown
  archives: ArchiveContent[]
  buildLog: string | undefined
}
