import { beginCheck } from '../builds/early-check.ts'
import type { FaultAction } from '../faults/faults.ts'
import { type Answer, type Exchange, emptyBody } from '../server/exchange.ts'
import { openBlob } from '../state/blobs.ts'
import { putObject, type World } from '../state/world.ts'
import type { StoreFlavour } from './flavour.ts'
import { StoreRefusal } from './refusal.ts'
import type { V4Request } from './v4-sign.ts'

export interface StoreParts {
  world: World
  flavour: StoreFlavour
}

/** Stores the body of a verified PUT. @throws {StoreRefusal} */
export async function putStored(
  { world, flavour }: StoreParts,
  exchange: Exchange,
  { headers }: V4Request,
  action: FaultAction | undefined,
): Promise<Answer> {
  const size = Number(headers['content-length'])
  flavour.checkSize(headers, size)
  const check = beginCheck()
  const blob = await world.blobs.receive(check.through(incoming(exchange, action, size)), size)
  const wantedMd5 = headers['content-md5']
  if (wantedMd5 !== undefined && wantedMd5 !== Buffer.from(blob.md5, 'hex').toString('base64')) {
    await world.blobs.remove(blob)
    throw new StoreRefusal(400, 'BadDigest', 'The MD5 you specified did not match what we computed.', {
      Details: 'The MD5 in Content-MD5 is not the MD5 of the body.',
    })
  }
  const object = await putObject(world, exchange.url.pathname, blob, headers['content-type'] ?? '')
  check.became(blob)
  const reported = { ...blob, generation: object.generation, md5: reportedMd5(blob.md5, action) }
  const { status, headers: answerHeaders } = flavour.putAnswer(reported)
  return {
    status,
    headers: { ...flavour.commonHeaders(exchange.entry.requestId), ...answerHeaders },
    body: emptyBody,
  }
}

async function* incoming(
  exchange: Exchange,
  action: FaultAction | undefined,
  size: number,
): AsyncGenerator<Buffer> {
  const resetAt = action?.kind === 'reset-mid-body' ? (action.bytes ?? Math.floor(size / 2)) : undefined
  const bytesPerSecond = action?.kind === 'slow' ? action.bytesPerSecond : undefined
  for await (const chunk of exchange.body({ bytesPerSecond })) {
    if (resetAt !== undefined && exchange.entry.bytesReceived >= resetAt) {
      exchange.reset()
      throw new Error('the connection was reset in the middle of the body, as scripted')
    }
    yield chunk
  }
}

/** Answers a verified GET or HEAD. @throws {StoreRefusal} */
export function getStored(
  { world, flavour }: StoreParts,
  { request, url, entry }: Exchange,
  action: FaultAction | undefined,
): Answer {
  const object = world.state.objects.get(url.pathname)
  if (!object) throw flavour.noSuchObject
  const { blob, generation, contentType, updated } = object
  const headers = {
    ...flavour.commonHeaders(entry.requestId),
    ...flavour.objectHeaders({ ...blob, generation, md5: reportedMd5(blob.md5, action) }),
    'accept-ranges': 'bytes',
    'content-type': contentType,
    'last-modified': new Date(updated).toUTCString(),
  }
  const range = parseRange(request.headers.range, blob.size)
  if (range === 'unsatisfiable') {
    throw new StoreRefusal(
      416,
      'InvalidRange',
      'The requested range cannot be satisfied.',
      {},
      {
        'content-range': `bytes */${blob.size}`,
      },
    )
  }
  if (!range) return { status: 200, headers, body: { size: blob.size, open: () => openBlob(blob) } }
  const { start, end } = range
  return {
    status: 206,
    headers: { ...headers, 'content-range': `bytes ${start}-${end - 1}/${blob.size}` },
    body: { size: end - start, open: () => openBlob(blob, start, end) },
  }
}

function reportedMd5(md5: string, action: FaultAction | undefined): string {
  return action?.kind === 'wrong-md5'
    ? md5.replace(/./g, (digit) => (15 - Number.parseInt(digit, 16)).toString(16))
    : md5
}

/** The bytes from `start` to before `end`. */
interface ByteRange {
  start: number
  end: number
}

/** Reads a Range header of one range. Anything else counts as none, as RFC 9110 allows. */
export function parseRange(
  header: string | undefined,
  size: number,
): ByteRange | 'unsatisfiable' | undefined {
  const parts = /^bytes=(\d*)-(\d*)$/.exec(header ?? '')
  if (!parts) return undefined
  const [, first = '', last = ''] = parts
  if (first === '' && last === '') return undefined
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first)
  const end = first === '' || last === '' ? size : Math.min(size, Number(last) + 1)
  return start < end ? { start, end } : 'unsatisfiable'
}
