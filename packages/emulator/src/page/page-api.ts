import type { IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import { checkFault, type Faults } from '../faults/faults.ts'
import type { RequestEntry } from '../server/request-log.ts'
import type { Evaluators } from '../state/evaluator-view.ts'
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
    faults.add(checkFault(JSON.parse(await text(request))))
    return { status: 201, body: {} }
  } catch (error) {
    return { status: 400, body: { message: error instanceof Error ? error.message : String(error) } }
  }
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
