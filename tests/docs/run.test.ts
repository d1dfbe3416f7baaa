import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { startEmulator } from '@fw/evaluator-emulator'
import { describe, expect, test } from 'vitest'
import { fileNameOf } from './compile.ts'
import { type Block, blocksOf, ROOT, readPages } from './markdown.ts'
import { createSandbox } from './sandbox.ts'
import { commandsOf } from './shell.ts'

const blocks = readPages()
  .flatMap(blocksOf)
  .filter(({ marks }) => marks.includes('run'))

const CLI = join(ROOT, 'packages/cli/dist/cli.js')
/** Configs by the beginning of their name → the arguments for Node. */
const BUNDLERS: Readonly<Record<string, string[]>> = {
  'vite.config': ['node_modules/vite/bin/vite.js', 'build'],
  'rollup.config': ['node_modules/rollup/dist/bin/rollup', '--config'],
}

/** The arguments for Node: a config runs its bundler, a command runs fw-evaluator, another file runs itself. */
function invocations(block: Block, dir: string): string[][] {
  if (block.lang === 'sh') {
    return commandsOf(block).map(({ program, args }) => {
      const [name, ...rest] = program === 'npx' ? args : [program, ...args]
      if (name !== 'fw-evaluator') throw new Error(`${block.where}: only fw-evaluator is run, not ${name}`)
      return [CLI, ...rest]
    })
  }
  const file = fileNameOf(block)
  writeFileSync(join(dir, file), block.code)
  return [BUNDLERS[file.replace(/\.[a-z]+$/, '')] ?? [file]]
}

/** The problem, or undefined. */
async function runBlock(block: Block): Promise<string | undefined> {
  await using emulator = await startEmulator()
  const sandbox = createSandbox()
  try {
    // In Vitest, a plugin uploads nothing.
    const { HOME: _home, USERPROFILE: _profile, VITEST: _vitest, NODE_ENV: _env, ...rest } = process.env
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
    for (const args of invocations(block, sandbox.dir)) {
      const child = spawn(process.execPath, args, {
        cwd: sandbox.dir,
        env,
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      const [[code], out, err] = await Promise.all([
        once(child, 'exit'),
        text(child.stdout),
        text(child.stderr),
      ])
      if (code !== 0) return `${args.join(' ')} ended with ${code}:\n${out}${err}`
    }
    await ended
    return undefined
  } finally {
    sandbox.remove()
  }
}

describe('blocks marked `run` do what they show, against the emulator', () => {
  test.each(blocks.map((block) => [block.where, block] as const))('%s', async (_, block) => {
    expect(await runBlock(block)).toBeUndefined()
  })
})

test('such blocks exist', () => {
  expect(blocks.length).toBeGreaterThan(0)
})
