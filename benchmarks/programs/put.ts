/** PUTs a file once and prints how long that took and the process's peak RSS: `put <how> <url> <file> <md5>`. */
import { createReadStream, openAsBlob, statSync } from 'node:fs'
import { basename } from 'node:path'
import { resolveConfig } from '../../packages/evaluator-core/src/config/config.ts'
import { openConnections } from '../../packages/evaluator-core/src/http/connections.ts'
import { putArchive } from '../../packages/evaluator-core/src/store/put.ts'
import { peakRssMb } from '../lib/peak-rss.ts'

const [how = '', url = '', path = '', md5 = ''] = process.argv.slice(2)
const { size } = statSync(path)
const type = 'application/octet-stream'
const headers = { 'content-type': type, 'content-length': String(size) }

/** What is loaded first, and then the PUT, which alone is timed. */
const ways: Record<string, () => Promise<() => Promise<unknown>>> = {
  async ours() {
    const config = await resolveConfig({
      apiKey: 'not-sent',
      accountId: 'none',
      baseUrl: new URL(url).origin,
    })
    const connections = openConnections(config.timeouts)
    const net = { config, dispatcher: await connections.dispatcher(), signal: new AbortController().signal }
    let last = 0
    return async () => {
      await putArchive(url, { fileName: basename(path), size, md5, body: { path } }, net, (done) => {
        last = done
      })
      if (last !== size) throw new Error(`The last event told of ${last} bytes`)
      await connections.close()
    }
  },
  async 'undici with a file stream'() {
    // Not at the top: fetch of Node 20 would be given the dispatcher of this other version.
    const { request } = await import('undici/index.js')
    return async () => {
      const { body } = await request(url, { method: 'PUT', headers, body: createReadStream(path) })
      await body.dump()
    }
  },
  async 'fetch with openAsBlob'() {
    return async () => {
      const response = await fetch(url, {
        method: 'PUT',
        headers: { 'content-type': type },
        body: await openAsBlob(path),
      })
      await response.arrayBuffer()
    }
  },
}

const way = await ways[how]?.()
if (!way) throw new Error(`There is no way "${how}"`)
const began = performance.now()
await way()
const ms = performance.now() - began
process.stdout.write(JSON.stringify({ ms, rssMb: peakRssMb() }))
