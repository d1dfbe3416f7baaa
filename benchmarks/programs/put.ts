/** PUTs a file once and prints how long that took and the process's peak RSS: `put <how> <url> <file> <md5>`. */
import { createReadStream, openAsBlob, statSync } from 'node:fs'
import { basename } from 'node:path'
import { request } from 'undici/index.js'
import { resolveConfig } from '../../packages/evaluator-core/src/config/config.ts'
import { openConnections } from '../../packages/evaluator-core/src/http/connections.ts'
import { putArchive } from '../../packages/evaluator-core/src/store/signed-url.ts'

const [how = '', url = '', path = '', md5 = ''] = process.argv.slice(2)
const { size } = statSync(path)
const headers = { 'content-type': 'application/octet-stream', 'content-length': String(size) }

const ways: Record<string, () => Promise<unknown>> = {
  async ours() {
    const config = await resolveConfig({ apiKey: 'not-sent', accountId: 'none' })
    const connections = await openConnections(config)
    const net = { config, dispatcher: connections.dispatcher, signal: new AbortController().signal }
    let last = 0
    await putArchive(url, { fileName: basename(path), size, md5, body: { path } }, net, (done) => {
      last = done
    })
    if (last !== size) throw new Error(`The last event told of ${last} bytes`)
    await connections.close()
  },
  async 'undici with a file stream'() {
    const { body } = await request(url, { method: 'PUT', headers, body: createReadStream(path) })
    await body.dump()
  },
  async 'fetch with openAsBlob'() {
    const response = await fetch(url, { method: 'PUT', headers, body: await openAsBlob(path) })
    await response.arrayBuffer()
  },
}

const way = ways[how]
if (!way) throw new Error(`There is no way "${how}"`)
const began = performance.now()
await way()
const ms = performance.now() - began
process.stdout.write(JSON.stringify({ ms, rssMb: process.resourceUsage().maxRSS / 1024 }))
process.exit()
