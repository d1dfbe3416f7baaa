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
  const { main } = await import('./main.ts')
  await main(process.argv.slice(2))
}
