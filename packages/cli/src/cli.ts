#!/usr/bin/env node
import { VERSION } from './version.ts'

// Loading the parser takes longer than printing a number.
const [first, ...more] = process.argv.slice(2)
if (more.length === 0 && (first === '--version' || first === '-v')) {
  process.stdout.write(`${VERSION}\n`)
} else {
  const { main } = await import('./main.ts')
  await main(process.argv.slice(2))
}
