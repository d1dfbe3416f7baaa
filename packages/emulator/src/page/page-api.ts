import type { IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import type { Fault, Faults } from '../faults.ts'
import type { Evaluators } from '../inspect.ts'
import type { RequestEntry } from '../request-log.ts'
import { archiveContent } from './archive-content.ts'
import type { EvaluatorDetails } from './messages.ts'
import type { FaultRows } from './rows.ts'

interface ApiParts {
  requests: readonly RequestEntry[]
  evaluators: Evaluators
  faults: Faults
  faultRows: FaultRows
}

interface ApiAnswer {
  status: number
  body: unknown
}

const notFound: ApiAnswer = { status: 404, body: { message: 'There is no such thing (any more).' } }

/** What the page asks for, and the faults that it switches. `path` is what follows `/_emulator/`. */
export async function answerApi(request: IncomingMessage, path: string, parts: ApiParts): Promise<ApiAnswer> {
  const [collection = '', id = ''] = path.split('/')
  switch (`${request.method} ${collection}`) {
    case 'GET requests': {
      const entry = parts.requests[Number(id) - 1]
      return entry ? { status: 200, body: entry } : notFound
    }
    case 'GET evaluators':
      return evaluatorDetails(parts.evaluators, decodeURIComponent(id))
    case 'POST faults':
      return addFault(request, parts.faults)
    case 'DELETE faults':
      return removeFaults(id, parts)
    default:
      return notFound
  }
}

async function evaluatorDetails(evaluators: Evaluators, id: string): Promise<ApiAnswer> {
  const view = evaluators.get(id)
  if (!view) return notFound
  const body: EvaluatorDetails = {
    resource: view.resource,
    archives: await Promise.all(view.files.map(archiveContent)),
    buildLog: await view.buildLog(),
  }
  return { status: 200, body }
}

async function addFault(request: IncomingMessage, faults: Faults): Promise<ApiAnswer> {
  try {
    const fault: unknown = JSON.parse(await text(request))
    if (!isFault(fault))
      throw new TypeError('A fault is { step, do: { kind, … }, times?, after?, evaluatorId? }')
    faults.add(fault)
    return { status: 201, body: {} }
  } catch (error) {
    return { status: 400, body: { message: error instanceof Error ? error.message : String(error) } }
  }
}

/** Whether it has the form; `add` knows what is possible. */
function isFault(value: unknown): value is Fault {
  if (typeof value !== 'object' || value === null || !('step' in value) || !('do' in value)) return false
  return typeof value.do === 'object' && value.do !== null && 'kind' in value.do
}

function removeFaults(id: string, { faults, faultRows }: ApiParts): ApiAnswer {
  if (id === '') {
    faults.clear()
    return { status: 200, body: {} }
  }
  const fault = faultRows.find(Number(id))
  if (!fault) return notFound
  faults.remove(fault)
  return { status: 200, body: {} }
}
