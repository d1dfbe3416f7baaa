/**
 * Writes the generated parts of the documentation: the tables, and with `--picture` docs/terminal.svg, with the times
 * of this run.
 */
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { ROOT, readPages } from './markdown.ts'
import { areSame, readOptions, withTables } from './options-table.ts'
import { withSecretTables } from './secret-tables.ts'
import { drawTerminal } from './svg.ts'
import { recordBuild } from './terminal.ts'

const { values } = parseArgs({ options: { picture: { type: 'boolean' } } })
const reader = readOptions()
for (const { path, text } of readPages()) {
  const renewed = withSecretTables(withTables(text, reader))
  if (areSame(renewed, text)) continue
  writeFileSync(`${ROOT}${path}`, renewed)
  execFileSync(`${ROOT}node_modules/.bin/biome`, ['format', '--write', path], { cwd: ROOT, stdio: 'ignore' })
  console.log(path)
}
if (values.picture) {
  writeFileSync(`${ROOT}docs/terminal.svg`, drawTerminal(await recordBuild(), 'vite build'))
  console.log('docs/terminal.svg')
}
