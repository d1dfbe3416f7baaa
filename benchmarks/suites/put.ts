import { execFile, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { open, rm } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { type Certificate, makeCertificate } from '../lib/certificate.ts'
import type { Context } from '../lib/context.ts'
import { type Figure, figure, type SuiteResult } from '../lib/figure.ts'
import { programFile } from '../lib/programs.ts'
import { noise, seeded } from '../lib/random.ts'
import { ratios, rounds } from '../lib/rounds.ts'

const run = promisify(execFile)
const SINK = fileURLToPath(new URL('../programs/sink.py', import.meta.url))
/** A PUT of 1 GB takes seconds; whatever takes longer hangs, and its command shall be named. */
const MAX_RUN_MS = 120_000
const MAX_RSS_MB = 110
/** Shown once, at the smaller size: what else one would take. */
const OTHERS = ['undici with a file stream', 'fetch with openAsBlob']

interface Sent {
  ms: number
  rssMb: number
}

interface File {
  readonly name: string
  readonly path: string
  readonly md5: string
  readonly goal: number
  readonly others: readonly string[]
}

/** The PUT of an archive, on loopback, to a server that forgets it, against `curl -T`. */
export async function putSuite(context: Context): Promise<SuiteResult> {
  const { tools, quick, dir, log } = context
  if (!tools.python || !tools.curl)
    return { figures: [], notes: ['Without Python and curl there is nothing to compare.'] }
  const certificate = await makeCertificate(dir)
  const figures: Figure[] = []
  const sizes = [
    { name: '100 MB', bytes: 100e6, goal: 1.5, others: OTHERS },
    ...(quick ? [] : [{ name: '1 GB', bytes: 1e9, goal: 1.25, others: [] }]),
  ]
  for (const { bytes, ...rest } of sizes) {
    const path = `${dir}/archive.tar.gz`
    const file = { ...rest, path, md5: await writeNoise(path, bytes) }
    for (const scheme of ['http', 'https']) {
      log(`${file.name}, ${scheme}`)
      const sink = await startSink(tools.python.path, scheme === 'https' ? certificate : undefined)
      try {
        figures.push(...(await compare(context, file, sink, certificate)))
      } finally {
        await sink.stop()
      }
    }
    await rm(path)
  }
  return { figures, notes: ['Time without the start of the process: that of curl is what it tells itself.'] }
}

async function compare(
  { nodes, quick }: Context,
  { name, path, md5, goal, others }: File,
  { url }: Sink,
  { certFile }: Certificate,
): Promise<Figure[]> {
  const subject = `${name}, ${new URL(url).protocol.slice(0, -1)}`
  const send = (node: string, how: string) => async (): Promise<Sent> => {
    const env = { ...process.env, NODE_EXTRA_CA_CERTS: certFile }
    const { stdout } = await run(node, [programFile('put'), how, url, path, md5], {
      env,
      timeout: MAX_RUN_MS,
    })
    return JSON.parse(stdout)
  }
  const curl = async (): Promise<Sent> => {
    const flags = ['-sS', '--noproxy', '*', '--cacert', certFile, '-H', 'Expect:', '-o', '/dev/null']
    const { stdout } = await run('curl', [...flags, '-w', '%{time_total}', '-T', path, url], {
      timeout: MAX_RUN_MS,
    })
    return { ms: Number(stdout) * 1000, rssMb: Number.NaN }
  }
  const newest = nodes.at(-1)?.path ?? process.execPath
  const samples = await rounds(quick ? 3 : 9, {
    curl,
    ...Object.fromEntries(nodes.map((node) => [node.label, send(node.path, 'ours')])),
    ...Object.fromEntries(others.map((how) => [how, send(newest, how)])),
  })
  const ms = (sent: Sent) => sent.ms
  const figures = [figure(subject, 'time: curl -T', 'ms', (samples.curl ?? []).map(ms))]
  for (const [label, all = []] of Object.entries(samples)) {
    if (label === 'curl') continue
    const isOurs = !others.includes(label)
    const maxRss = label === 'Node 20' ? MAX_RSS_MB : undefined
    figures.push(
      figure(
        subject,
        `time to curl: ${label}`,
        'ratio',
        ratios(all, samples.curl, ms),
        isOurs ? goal : undefined,
      ),
      figure(
        subject,
        `peak RSS: ${label}`,
        'MB',
        all.map(({ rssMb }) => rssMb),
        maxRss,
      ),
    )
  }
  return figures
}

/** @returns its md5, in hex */
async function writeNoise(path: string, bytes: number): Promise<string> {
  const block = noise(10e6, seeded(2))
  const file = await open(path, 'w')
  for (let written = 0; written < bytes; written += block.length) await file.writeFile(block)
  await file.close()
  const hash = createHash('md5')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}

interface Sink {
  readonly url: string
  stop(): Promise<void>
}

/** A native server that takes a body and forgets it; https with a certificate. */
async function startSink(python: string, certificate?: Certificate): Promise<Sink> {
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
