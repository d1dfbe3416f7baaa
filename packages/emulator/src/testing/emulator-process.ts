// Started by tests: an emulator in a process of its own, which can be killed. Says where it is in one line of JSON, and
// closes when its standard input ends. A start that fails says why, in a line.
import { startEmulator } from '../index.ts'

const [dir = '', buildMs = '50'] = process.argv.slice(2)
const started = await startEmulator({ ...(dir !== '' && { dir }), buildMs: Number(buildMs) }).catch(
  (error: Error) => {
    process.stdout.write(`${error.message}\n`)
    process.exit(1)
  },
)
const { url, storeUrl, apiKey, accountId, close } = started
process.stdin.resume().once('end', close)
process.stdout.write(`${JSON.stringify({ url, storeUrl, apiKey, accountId })}\n`)
