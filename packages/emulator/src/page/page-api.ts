import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { readTar } from '../builds/read-tar.ts'
import { checkFault, type Faults } from '../faults/faults.ts'
import type { RequestEntry } from '../server/request-log.ts'
import type { Evaluators, UploadedFile } from '../state/evaluator-view.ts'
import type { ArchiveContent, EvaluatorDetails } from './messages.ts'
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

const notFound: ApiAnswer = { status: 404, body: { message: 'Not found. It may have been deleted.' } }

/** Answers the page's requests. `path` is what follows `/_emulator/`. */
export async function answerApi(request: IncomingMessage, path: string, parts: ApiParts): Promise<ApiAnswer> {
  const [collection = '', id = ''] = path.split('/')
  switch (`${request.method} ${collection}`) {
    case 'GET requests': {
      const entry = parts.requests[Number(id) - 1]
      return entry ? { status: 200, body: entry } : notFound
    }
    case 'GET evaluators':
      return evaluatorDetails(parts.evaluators, id)
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

/** Lists an uploaded archive; of a broken one, the entries before the fault. */
async function archiveContent({ name, size, md5, bytes }: UploadedFile): Promise<ArchiveContent> {
  const entries: ArchiveContent['entries'] = []
  try {
    await readTar(Readable.from([await bytes()]), (entry) => {
      entries.push({ path: entry.path, size: entry.size, type: entry.type })
      entry.resume()
    })
    return { name, size, md5, entries, problem: undefined }
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error)
    return { name, size, md5, entries, problem }
  }
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
