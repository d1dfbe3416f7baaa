// Tests start this: an emulator in its own process, which they can kill. It prints its origins in one line of JSON, and
// closes when its standard input ends. If the start fails, it prints the reason in one line.
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
