#!/usr/bin/env node
import { VERSION } from './version.ts'

// The parser and what it loads take longer than printing a number.
const [first, ...more] = process.argv.slice(2)
if (more.length === 0 && (first === '--version' || first === '-v')) {
  process.stdout.write(`${VERSION}\n`)
} else {
  const { main } = await import('./main.ts')
  await main(process.argv.slice(2))
}
