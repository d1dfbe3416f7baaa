import { openBlob } from './blob-storage.ts'
import { parseRange } from './byte-range.ts'
import { beginCheck } from './early-check.ts'
import { type Answer, type Exchange, emptyBody } from './exchange.ts'
import type { FaultAction } from './faults.ts'
import { StoreRefusal } from './store-refusal.ts'
import type { V4Request } from './v4-sign.ts'
import { putObject, type World } from './world.ts'

/** Takes the body of a PUT that was verified. @throws {StoreRefusal} */
export async function putStored(
  world: World,
  exchange: Exchange,
  { headers }: V4Request,
  action: FaultAction | undefined,
): Promise<Answer> {
  const size = Number(headers['content-length'])
  world.flavour.checkSize(headers, size)
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
  const { status, headers: answerHeaders } = world.flavour.putAnswer(reported)
  return {
    status,
    headers: { ...world.flavour.commonHeaders(exchange.entry.requestId), ...answerHeaders },
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

/** Answers a GET or HEAD that was verified. @throws {StoreRefusal} */
export function getStored(
  world: World,
  { request, url, entry }: Exchange,
  action: FaultAction | undefined,
): Answer {
  const object = world.state.objects.get(url.pathname)
  if (!object) throw world.flavour.noSuchObject
  const { blob, generation, contentType, updated } = object
  const headers = {
    ...world.flavour.commonHeaders(entry.requestId),
    ...world.flavour.objectHeaders({ ...blob, generation, md5: reportedMd5(blob.md5, action) }),
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
