import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'

const OUT = JSON.stringify(pathToFileURL(`${import.meta.dirname}/out.ts`))
/** A text of many pieces, each larger than a pipe takes at once. */
const WRITER = `
import { createOut } from ${OUT}
const out = createOut(process.stdout, {})
for (let piece = 0; piece < 40; piece++) {
  out.write('x'.repeat(200_000))
  await out.flushed()
}
const left = ['drain', 'close', 'error'].map((event) => process.stdout.listenerCount(event))
console.error(JSON.stringify(left))
`

test('a long text leaves no listeners behind, and no warning of Node about them', async () => {
  const child = spawn(process.execPath, ['--input-type=module', '-e', WRITER], { stdio: 'pipe' })
  let bytes = 0
  let said = ''
  child.stdout.on('data', (piece: Buffer) => {
    bytes += piece.length
  })
  child.stderr.on('data', (piece: Buffer) => {
    said += piece
  })
  await once(child, 'close')
  expect(bytes).toBe(8_000_000)
  expect(said).not.toContain('MaxListeners')
  // The one listener of 'error' says that nothing can be written any more.
  const [drain, close, error] = JSON.parse(said)
  expect({ drain, error }).toEqual({ drain: 0, error: 1 })
  expect(close).toBeLessThanOrEqual(1)
})
