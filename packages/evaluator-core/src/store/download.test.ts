import { createHash } from 'node:crypto'
import { createServer, type RequestListener } from 'node:http'
import { expect, onTestFinished, test } from 'vitest'
import { bench, expectNoSecrets } from '../../test/bench.ts'
import { EvaluatorUploadError } from '../errors.ts'
import { createGateway } from '../gateway/session.ts'
import { type DownloadOptions, openDownload } from './download.ts'

const QUICK = { attempts: 3, baseDelayMs: 1, maxDelayMs: 5 }

async function serve(answer: RequestListener): Promise<string> {
  const server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  return `http://127.0.0.1:${port}/object?X-Goog-Signature=MARKERSIGNATURE`
}

async function read(url: string, options: DownloadOptions = {}) {
  const download = await openDownload(url, { retry: QUICK, ...options })
  try {
    const pieces: Uint8Array[] = []
    for await (const piece of download.body) pieces.push(piece)
    return { text: Buffer.concat(pieces).toString(), size: download.size, md5: download.md5 }
  } finally {
    await download.close()
  }
}

async function fails(url: string, options: DownloadOptions = {}): Promise<EvaluatorUploadError> {
  const error: unknown = await read(url, options).catch((error: unknown) => error)
  if (!(error instanceof EvaluatorUploadError)) throw error
  expectNoSecrets(error)
  return error
}

test('what was uploaded comes back, with its digest, and no key goes to the store', async () => {
  const { emulator, upload } = await bench()
  const { archive } = await upload({ wait: { intervalMs: 1 } })
  const { apiKey, accountId, url: baseUrl } = emulator
  const gateway = createGateway({ apiKey, accountId, baseUrl })
  onTestFinished(() => gateway.close())
  const [url = ''] = Object.values(await gateway.getSourceCodeSignedUrl('my-evaluator'))
  const download = await openDownload(url)
  const md5 = createHash('md5')
  for await (const piece of download.body) md5.update(piece)
  await download.close()
  expect(md5.digest('hex')).toBe(archive.md5)
  expect(download).toMatchObject({ md5: archive.md5, size: archive.size })
  expect(emulator.requests.at(-1)?.headers).not.toHaveProperty('authorization')
})

test('from: only the rest comes, also where the store ignores Range, and nothing from beyond the end', async () => {
  const ranged = await serve(({ headers: { range } }, response) => {
    if (range === 'bytes=9-') response.writeHead(416).end()
    else if (range === 'bytes=4-') response.writeHead(206).end('efgh')
    else response.end('abcdefgh')
  })
  expect((await read(ranged)).text).toBe('abcdefgh')
  expect((await read(ranged, { from: 4 })).text).toBe('efgh')
  expect(await read(ranged, { from: 9 })).toMatchObject({ text: '', size: 0 })
  const deaf = await serve((_, response) => response.writeHead(200, { 'content-length': 8 }).end('abcdefgh'))
  expect(await read(deaf, { from: 6 })).toMatchObject({ text: 'gh', size: 2 })
})

test('what fails for a passing reason is asked again; a redirect and a refusal are not', async () => {
  let asked = 0
  const later = await serve((_, response) => response.writeHead(++asked < 3 ? 503 : 200).end('at last'))
  expect((await read(later)).text).toBe('at last')
  const away = await serve((_, response) => response.writeHead(302, { location: '/else' }).end())
  expect(await fails(away)).toMatchObject({ code: 'FW_SIGNED_URL', status: 302, attempts: 1 })
  const no = await serve((_, response) => response.writeHead(403).end('<Error><Code>No</Code></Error>'))
  expect((await fails(no, { what: 'fetch the log' })).message).toBe(
    'Could not fetch the log: the store answered 403 No.',
  )
})

test('a body that breaks off, or stands still, is an error', async () => {
  const cut = await serve((_, response) => {
    response.writeHead(200, { 'content-length': 100 }).write('half', () => response.destroy())
  })
  expect((await fails(cut)).code).toBe('FW_NETWORK')
  const still = await serve((_, response) => response.writeHead(200).write('half'))
  expect((await fails(still, { timeouts: { attemptMs: 30 } })).code).toBe('FW_TIMEOUT')
})

test('an abort ends it in the middle', async () => {
  const abort = new AbortController()
  const still = await serve((_, response) => response.writeHead(200).write('half', () => abort.abort()))
  expect((await fails(still, { signal: abort.signal })).code).toBe('FW_ABORTED')
})

test('plain http is for this machine only', async () => {
  expect((await fails('http://example.com/x?X-Goog-Signature=MARKERSIGNATURE')).code).toBe('FW_SIGNED_URL')
})
