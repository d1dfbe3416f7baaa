import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Certificate } from './certificate.ts'

const SINK = fileURLToPath(new URL('../programs/sink.py', import.meta.url))

export interface Sink {
  readonly url: string
  stop(): Promise<void>
}

/** A native server that takes a body and forgets it; https with a certificate. */
export async function startSink(python: string, certificate?: Certificate): Promise<Sink> {
  const files = certificate ? [certificate.certFile, certificate.keyFile] : []
  const child = spawn(python, [SINK, ...files], { stdio: ['ignore', 'pipe', 'inherit'] })
  const exited = once(child, 'exit')
  const [port] = await once(createInterface(child.stdout), 'line')
  return {
    url: `${certificate ? 'https' : 'http'}://127.0.0.1:${port}/archive.tar.gz`,
    async stop() {
      child.kill()
      await exited
    },
  }
}
