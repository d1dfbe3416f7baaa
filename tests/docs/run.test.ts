import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { startEmulator } from '@fw/evaluator-emulator'
import { describe, expect, test } from 'vitest'
import { fileNameOf } from './compile.ts'
import { type Block, blocksOf, readPages } from './markdown.ts'
import { createSandbox } from './sandbox.ts'

const blocks = readPages()
  .flatMap(blocksOf)
  .filter(({ marks }) => marks.includes('run'))

/** A config is run by its bundler, everything else by Node. */
function commandFor(file: string): string[] {
  if (!file.startsWith('vite.config.')) return [file]
  const require = createRequire(import.meta.url)
  return [join(dirname(require.resolve('vite/package.json')), 'bin/vite.js'), 'build']
}

async function runBlock(block: Block) {
  await using emulator = await startEmulator()
  const sandbox = createSandbox()
  try {
    const file = fileNameOf(block)
    writeFileSync(join(sandbox.dir, file), block.code)
    const { HOME: _home, USERPROFILE: _profile, ...rest } = process.env
    const env = {
      ...rest,
      ...emulator.env,
      HOME: sandbox.home,
      USERPROFILE: sandbox.home,
      XDG_CACHE_HOME: join(sandbox.home, 'cache'),
    }
    const ended = block.marks.includes('active')
      ? emulator.waitFor('state', ({ to }) => to === 'ACTIVE', { signal: AbortSignal.timeout(20_000) })
      : undefined
    ended?.catch(() => {})
    const child = spawn(process.execPath, commandFor(file), {
      cwd: sandbox.dir,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const [[code], out, err] = await Promise.all([
      once(child, 'exit'),
      text(child.stdout),
      text(child.stderr),
    ])
    if (code === 0) await ended
    return { code, printed: out + err }
  } finally {
    sandbox.remove()
  }
}

describe('blocks marked `run` do what they show, against the emulator', () => {
  test.each(blocks.map((block) => [block.where, block] as const))('%s', async (_, block) => {
    const { code, printed } = await runBlock(block)
    expect(code, printed).toBe(0)
  })
})

test('there are such blocks', () => {
  expect(blocks.length).toBeGreaterThan(0)
})
