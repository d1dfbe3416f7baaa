import { fork } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { generate } from 'selfsigned'
import { expect, test } from 'vitest'
import { bench } from '../../test/bench.ts'
import type { Traces } from '../../test/fixtures/upload-and-tell.ts'
import { temporaryFolder } from '../../test/test-tree.ts'

const script = fileURLToPath(new URL('../../test/fixtures/upload-and-tell.ts', import.meta.url))

type AltName = { type: 2; value: string } | { type: 7; ip: string }

/**
 * What comes of an upload to `https://<host>` with a certificate that is trusted and speaks of `names`. In a process
 * of its own: NODE_EXTRA_CA_CERTS is read when one starts.
 */
async function uploadOver(host: string, names: AltName[]): Promise<{ outcome: string; connections: number }> {
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'fw' }], {
    keySize: 2048,
    algorithm: 'sha256',
    extensions: [{ name: 'subjectAltName', altNames: names }],
  })
  const file = join(temporaryFolder(), 'ca.pem')
  await writeFile(file, cert)
  const { emulator } = await bench({ tls: { key, cert } })
  const { port } = new URL(emulator.url)
  const env = {
    ...process.env,
    ...emulator.env,
    FIREWORKS_API_BASE: `https://${host}:${port}`,
    NODE_EXTRA_CA_CERTS: file,
  }
  const child = fork(script, { env })
  const [traces]: Traces[] = await once(child, 'message')
  return { outcome: traces?.outcome ?? '', connections: emulator.connections.gateway.total }
}

const ADDRESS: AltName = { type: 7, ip: '127.0.0.1' }
const NAME: AltName = { type: 2, value: 'localhost' }

test.each([
  ['127.0.0.1', 'an address', [ADDRESS]],
  ['localhost', 'a name', [NAME, ADDRESS]],
])('https://%s, by %s: over the one connection that was opened ahead', async (host, _, names) => {
  expect(await uploadOver(host, names)).toEqual({ outcome: 'uploaded', connections: 1 })
})

test.each([
  ['127.0.0.1', [NAME]],
  ['localhost', [ADDRESS]],
])('a certificate that is trusted and speaks of another host is refused: %s', async (host, names) => {
  expect((await uploadOver(host, names)).outcome).toMatch(
    /the certificate of (127\.0\.0\.1|localhost):\d+ is not trusted \(ERR_TLS_CERT_ALTNAME_INVALID\)/,
  )
})
