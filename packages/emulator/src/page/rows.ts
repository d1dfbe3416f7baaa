import type { Fault, Faults } from '../faults/faults.ts'
import type { RequestEntry } from '../server/request-log.ts'
import type { EvaluatorView } from '../state/evaluator-view.ts'
import type { EvaluatorRow, FaultRow, RequestRow } from './messages.ts'

export function requestRow({
  headers: _,
  query: __,
  body: ___,
  requestId: ____,
  answer: _____,
  ...row
}: RequestEntry): RequestRow {
  return row
}

export function evaluatorRow({ id, state, building, files, resource }: EvaluatorView): EvaluatorRow {
  return {
    id,
    state,
    building,
    displayName: textOf(resource, 'displayName'),
    message: textOf(resource.status, 'message'),
    files: files.map(({ name, size, md5 }) => ({ name, size, md5 })),
  }
}

function textOf(value: unknown, name: string): string {
  if (typeof value !== 'object' || value === null) return ''
  const field: unknown = Reflect.get(value, name)
  return typeof field === 'string' ? field : ''
}

/** Numbers the faults, so that the page can name the one to switch off. */
export interface FaultRows {
  list(): FaultRow[]
  find(id: number): Fault | undefined
}

export function createFaultRows(faults: Faults): FaultRows {
  const ids = new WeakMap<Fault, number>()
  let last = 0
  const idOf = (fault: Fault): number => {
    const id = ids.get(fault) ?? ++last
    ids.set(fault, id)
    return id
  }
  const list = (): FaultRow[] => faults.pending.map((fault) => ({ id: idOf(fault), fault }))
  return { list, find: (id) => list().find((row) => row.id === id)?.fault }
}
