import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'

test('the import of core loads nothing that only its work needs', () => {
  const index = pathToFileURL(join(import.meta.dirname, 'index.ts')).href
  const script = `
    const before = new Set(process.moduleLoadList)
    await import(${JSON.stringify(index)})
    const loaded = process.moduleLoadList.filter((name) => !before.has(name))
    process.stdout.write(JSON.stringify(loaded))`
  const loaded: string[] = JSON.parse(
    execFileSync(process.execPath, ['--input-type=module', '-e', script], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }),
  )
  expect(loaded).not.toEqual([])
  // Milliseconds each, at the top of whatever imports us.
  for (const name of ['zlib', 'tls', 'http', 'child_process', 'crypto']) {
    expect(loaded).not.toContain(`NativeModule ${name}`)
  }
})
