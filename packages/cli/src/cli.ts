#!/usr/bin/env node
import { VERSION } from './version.ts'

// Loading the parser takes longer than printing a number.
const [first, ...more] = process.argv.slice(2)
if (more.length === 0 && (first === '--version' || first === '-v')) {
  // As main has it: a reader that goes away is no failure, a full disk is one.
  process.stdout.on('error', ({ code }: NodeJS.ErrnoException) => {
    if (code === 'EPIPE') return
    process.exitCode = 1
    process.stderr.write(`✖ stdout cannot be written (${code})\n`)
  })
  process.stdout.write(`${VERSION}\n`)
} else {
  await keepParserAsItIs()
  const { main } = await import('./main.ts')
  await main(process.argv.slice(2))
}

/**
 * After a few answers Node 20 compiles undici's HTTP parser, which is WebAssembly, once more for speed. That takes 80 ms
 * of processor time, and the end of the process waits for it. Later versions wait for far more work.
 */
async function keepParserAsItIs(): Promise<void> {
  if (!process.version.startsWith('v20.')) return
  const { setFlagsFromString } = await import('node:v8')
  setFlagsFromString('--wasm-tiering-budget=1000000000')
}
