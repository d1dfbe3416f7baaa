// Started by a test: an emulator in a process that can be killed. Says in one line of JSON where it is, and closes when
// its standard input ends.
import { startEmulator } from '@fw/evaluator-emulator'

const [dir, port, storePort] = process.argv.slice(2)
const { env, url, storeUrl, close } = await startEmulator({
  dir,
  port: Number(port),
  storePort: Number(storePort),
  buildMs: 20,
})
process.stdin.resume().once('end', close)
const ports = [url, storeUrl].map((origin) => Number(new URL(origin).port))
process.stdout.write(`${JSON.stringify({ env, ports })}\n`)
