import { readFile } from 'node:fs/promises'
import type { Archive } from '@fw/evaluator-core'

/** The calls one after the other with `fetch`, as a script would make them. Unchanged bytes are not sent, too. */
export async function straightUpload(
  evaluatorId: string,
  archive: Archive,
): Promise<'uploaded' | 'unchanged'> {
  const { FIREWORKS_API_KEY, FIREWORKS_ACCOUNT_ID, FIREWORKS_API_BASE } = process.env
  const base = `${FIREWORKS_API_BASE}/v1/accounts/${FIREWORKS_ACCOUNT_ID}`
  const headers = { authorization: `Bearer ${FIREWORKS_API_KEY}`, 'content-type': 'application/json' }
  const ask = (method: string, path: string, body?: unknown) =>
    fetch(base + path, { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) })
  const path = `/evaluators/${evaluatorId}`

  const found = await ask('GET', path)
  await found.text()
  if (found.status === 404) {
    await expectOk(await ask('POST', '/evaluatorsV2', { evaluator: {}, evaluatorId }))
  } else {
    const { filenameToSignedUrls } = await expectOk(await ask('GET', `${path}:getSourceCodeSignedUrl`))
    const stored = await fetch(firstUrl(filenameToSignedUrls), { headers: { range: 'bytes=0-0' } })
    await stored.arrayBuffer()
    if (stored.headers.get('etag') === `"${archive.md5}"`) return 'unchanged'
    await expectOk(await ask('PATCH', `${path}?prepareCodeUpload=true`, {}))
  }
  const { fileName, size, body } = archive
  const endpoint = await ask('POST', `${path}:getUploadEndpoint`, {
    filenameToSize: { [fileName]: String(size) },
  })
  const bytes = 'bytes' in body ? body.bytes : await readFile(body.path)
  const put = await fetch(firstUrl((await expectOk(endpoint)).filenameToSignedUrls), {
    method: 'PUT',
    headers: { 'content-type': 'application/octet-stream', 'x-goog-content-length-range': `${size},${size}` },
    body: Buffer.from(bytes),
  })
  if (!put.ok) throw new Error(`PUT: ${put.status} ${await put.text()}`)
  await put.text()
  await expectOk(await ask('POST', `${path}:validateUpload`, {}))
  return 'uploaded'
}

async function expectOk(response: Response): Promise<Record<string, unknown>> {
  const text = await response.text()
  if (!response.ok) throw new Error(`${response.status} ${text}`)
  return JSON.parse(text)
}

function firstUrl(urls: unknown): string {
  const [url] = Object.values(urls ?? {})
  if (typeof url !== 'string') throw new Error('The service gave no URL')
  return url
}
