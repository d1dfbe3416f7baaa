import { writeFile } from 'node:fs/promises'
import { generate } from 'selfsigned'

export interface Certificate {
  readonly key: string
  readonly cert: string
  /** Files of the two, for other programs. */
  readonly keyFile: string
  readonly certFile: string
}

/** A certificate for 127.0.0.1. Clients trust it through NODE_EXTRA_CA_CERTS, or `--cacert`. */
export async function makeCertificate(dir: string): Promise<Certificate> {
  const { private: key, cert } = await generate([{ name: 'commonName', value: '127.0.0.1' }], {
    keySize: 2048,
    algorithm: 'sha256',
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }],
  })
  const [keyFile, certFile] = [`${dir}/key.pem`, `${dir}/cert.pem`]
  await writeFile(keyFile, key, { mode: 0o600 })
  await writeFile(certFile, cert)
  return { key, cert, keyFile, certFile }
}
