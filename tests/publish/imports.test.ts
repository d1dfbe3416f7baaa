import { execFileSync } from 'node:child_process'

import { expect, test } from 'vitest'

/** The recorded size of core's import. A new import, or a module in another chunk, changes it. */
const IMPORT_BYTES = 70_000

interface Loaded {
  readonly name: string
  readonly bytes: number
}

/** The built files of core and its dependencies that `script` loads, without the hash in their names. */
function loadedBy(script: string): Loaded[] {
  const index = new URL('../../packages/evaluator-core/dist/index.js', import.meta.url).href
  const program = `
    import { statSync } from 'node:fs'
    import { registerHooks } from 'node:module'
    import { basename } from 'node:path'
    import { fileURLToPath } from 'node:url'
    const files = []
    registerHooks({
      load(url, context, next) {
        if (url.startsWith('file:')) files.push(fileURLToPath(url))
        return next(url, context)
      },
    })
    const core = await import(${JSON.stringify(index)})
    ${script}
    const tell = (file) => ({ name: basename(file).replace(/-[\\w-]{8}\\.js$/, '.js'), bytes: statSync(file).size })
    process.stdout.write(JSON.stringify(files.map(tell)))`
  const stdout = execFileSync(process.execPath, ['--input-type=module', '-e', program], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, FIREWORKS_API_KEY: '', FIREWORKS_ACCOUNT_ID: '' },
  })
  return JSON.parse(stdout)
}

const names = (loaded: readonly Loaded[]) => loaded.map(({ name }) => name).sort()

test('the import of core loads its index and one file, and the nearest-word search', () => {
  const loaded = loadedBy('')
  // The last one is leven, for "did you mean".
  expect(names(loaded)).toEqual(['core.js', 'index.js', 'index.js'])
  expect(loaded.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThan(IMPORT_BYTES)
})

test('a dry run loads two files more, and nothing that opens sockets', () => {
  const loaded = loadedBy(`await core.uploadEvaluator({
    evaluatorId: 'a', source: { files: { 'requirements.txt': '' } }, evaluator: { entryPoint: false }, dryRun: true,
  })`)
  expect(names(loaded)).toEqual([
    'core.js',
    'index.js',
    'index.js',
    'pack.js',
    'rolldown-runtime.js',
    'upload.js',
  ])
})
