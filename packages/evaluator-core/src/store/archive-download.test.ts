import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { bench, expectNoSecrets } from '../../test/bench.ts'
import { serveEvaluator } from '../../test/small-service.ts'
import { temporaryFolder } from '../../test/test-tree.ts'
import { type ArchiveDownloadOptions, downloadArchive, EvaluatorUploadError } from '../index.ts'

const QUICK = { attempts: 3, baseDelayMs: 1, maxDelayMs: 5 }

/** An evaluator that is uploaded, and where its archive is to be written. */
async function uploaded() {
  const { emulator, upload } = await bench()
  const { archive, name } = await upload()
  const { apiKey, accountId, url: baseUrl } = emulator
  const outFile = join(temporaryFolder(), 'archive.tar.gz')
  const options: ArchiveDownloadOptions = { apiKey, accountId, baseUrl, outFile, retry: QUICK }
  return { emulator, archive, name, options, outFile }
}

async function fails(name: string, options: ArchiveDownloadOptions): Promise<EvaluatorUploadError> {
  const error: unknown = await downloadArchive(name, options).catch((error: unknown) => error)
  if (!(error instanceof EvaluatorUploadError)) throw error
  expectNoSecrets(error)
  return error
}

test('what was uploaded is written, for its owner alone; by its full name the account may be left out', async () => {
  const { emulator, archive, name, options, outFile } = await uploaded()
  const { size, md5 } = archive
  expect(await downloadArchive(name, { ...options, accountId: undefined })).toEqual({ size, md5 })
  const written = await readFile(outFile)
  expect(createHash('sha256').update(written).digest('hex')).toBe(archive.sha256)
  if (process.platform !== 'win32') expect((await stat(outFile)).mode & 0o777).toBe(0o600)
  expect(emulator.requests.at(-1)?.headers).not.toHaveProperty('authorization')
})

test('knownMd5: nothing is fetched where the store names the same', async () => {
  const { archive, options, outFile } = await uploaded()
  expect(await downloadArchive('my-evaluator', { ...options, knownMd5: archive.md5 })).toBeUndefined()
  await expect(stat(outFile)).rejects.toMatchObject({ code: 'ENOENT' })
  expect(await downloadArchive('my-evaluator', { ...options, knownMd5: '0'.repeat(32) })).toBeDefined()
})

test('maxBytes: what is larger is refused, also where the store does not say its length', async () => {
  const { archive, options } = await uploaded()
  const { size } = archive
  expect(await downloadArchive('my-evaluator', { ...options, maxBytes: size })).toMatchObject({ size })
  const error = await fails('my-evaluator', { ...options, maxBytes: size - 1 })
  expect(error).toMatchObject({ code: 'FW_SOURCE', hint: expect.stringContaining('`maxBytes`') })
  const chunked = await serveEvaluator(({ what, json, origin, response }) => {
    if (what.endsWith(':getSourceCodeSignedUrl')) {
      json(200, {
        filenameToSignedUrls: { 'any-name.tar.gz': `${origin}/store?X-Goog-Signature=MARKERSIGNATURE` },
      })
    } else if (what === 'GET /store')
      response.writeHead(200).write('x'.repeat(100), () => response.end('x'.repeat(100)))
    else return false
    return true
  })
  expect(await downloadArchive('my-evaluator', { ...options, baseUrl: chunked })).toMatchObject({ size: 200 })
  expect((await fails('my-evaluator', { ...options, baseUrl: chunked, maxBytes: 150 })).code).toBe(
    'FW_SOURCE',
  )
})

test('other bytes and a download that breaks off are fetched again, with a fresh URL, as often as retry says', async () => {
  const { emulator, options } = await uploaded()
  for (const kind of ['wrong-md5', 'half-body', 'reset'] as const) {
    emulator.faults.add({ step: 'download', times: 2, do: { kind } })
    const before = emulator.requests.length
    expect(await downloadArchive('my-evaluator', options), kind).toBeDefined()
    const steps = emulator.requests.slice(before).map(({ step }) => step)
    expect(
      steps.filter((step) => step === 'sourceUrl'),
      kind,
    ).toHaveLength(3)
  }
  emulator.faults.add({ step: 'download', times: 3, do: { kind: 'wrong-md5' } })
  expect((await fails('my-evaluator', options)).code).toBe('FW_INTEGRITY')
  expect(emulator.faults.pending).toEqual([])
})

test('a store that falls silent, and an abort, end it', async () => {
  const { emulator, options } = await uploaded()
  emulator.faults.add({ step: 'download', times: 9, do: { kind: 'stall' } })
  const quick = { ...options, retry: { attempts: 2, baseDelayMs: 1 }, timeouts: { attemptMs: 50 } }
  expect((await fails('my-evaluator', quick)).code).toBe('FW_TIMEOUT')
  const abort = new AbortController()
  const aborted = fails('my-evaluator', { ...options, signal: abort.signal })
  await emulator.waitFor('request', ({ step }) => step === 'download')
  abort.abort()
  expect((await aborted).code).toBe('FW_ABORTED')
})

test('what cannot be named, and what is not there, say so', async () => {
  const { emulator, options } = await uploaded()
  const before = emulator.requests.length
  for (const name of ['..', 'a/b', 'accounts/../evaluators/x', '']) {
    expect((await fails(name, options)).code, name).toBe('FW_CONFIG')
  }
  expect(emulator.requests).toHaveLength(before)
  expect((await fails('another', options)).code).toBe('FW_NOT_FOUND')
  emulator.faults.add({ step: 'sourceUrl', do: { kind: 'empty-urls' } })
  expect(await fails('my-evaluator', options)).toMatchObject({
    code: 'FW_NOT_FOUND',
    hint: 'Upload it first.',
  })
})

test('a target that cannot be written is the system’s own error, and nothing is asked twice', async () => {
  const { emulator, options, outFile } = await uploaded()
  const failed = downloadArchive('my-evaluator', { ...options, outFile: join(outFile, 'nowhere') })
  await expect(failed).rejects.toMatchObject({ code: 'ENOENT' })
  expect(emulator.requests.filter(({ step }) => step === 'download')).toHaveLength(1)
})
