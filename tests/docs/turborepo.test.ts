import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { startEmulator } from '@fw/evaluator-emulator'
import { expect, test } from 'vitest'
import { fileNameOf } from './compile.ts'
import { type Block, blocksOf, ROOT, readPages } from './markdown.ts'
import { createSandbox } from './sandbox.ts'

const recipe = readPages()
  .flatMap(blocksOf)
  .filter(({ where, marks }) => where.startsWith('docs/ci.md:') && marks.includes('turborepo'))

const find = (part: string): Block => {
  const block = recipe.find(({ code }) => code.includes(part))
  if (!block) throw new Error(`The recipe has no block with ${part}`)
  return block
}

test('the recipe for Turborepo: a cached build uploads nothing, upload is never cached, and the key must be named', async () => {
  await using emulator = await startEmulator()
  const sandbox = createSandbox()
  try {
    const root = join(dirname(sandbox.dir), 'monorepo')
    const scorer = join(root, 'packages/scorer')
    mkdirSync(dirname(scorer), { recursive: true })
    renameSync(sandbox.dir, scorer)
    const workspace = {
      name: 'root',
      private: true,
      packageManager: 'npm@10.0.0',
      workspaces: ['packages/*'],
    }
    writeFileSync(join(root, 'package.json'), JSON.stringify(workspace))
    writeFileSync(join(root, 'package-lock.json'), JSON.stringify({ lockfileVersion: 3, packages: {} }))
    writeFileSync(join(root, '.gitignore'), 'node_modules\ndist\n.turbo\n')
    writeFileSync(join(root, 'turbo.json'), find('"tasks"').code)
    const scripts = JSON.parse(find('"scripts"').code)
    writeFileSync(
      join(scorer, 'package.json'),
      JSON.stringify({ name: 'scorer', type: 'module', ...scripts }),
    )
    const config = find('defineConfig')
    writeFileSync(join(scorer, fileNameOf(config)), config.code)

    const require = createRequire(`${ROOT}package.json`)
    const turbo = join(dirname(require.resolve('turbo/package.json')), 'bin/turbo')
    const run = async (task: string, expected = 0): Promise<string> => {
      // Windows calls it Path.
      const pathName = Object.keys(process.env).find((name) => /^path$/i.test(name)) ?? 'PATH'
      const { TURBO_HASH: _hash, CI: _ci, FORCE_COLOR: _color, ...rest } = process.env
      const env = {
        ...rest,
        ...emulator.env,
        HOME: sandbox.home,
        [pathName]: [join(scorer, 'node_modules/.bin'), process.env[pathName]].join(delimiter),
        TURBO_TELEMETRY_DISABLED: '1',
        DO_NOT_TRACK: '1',
      }
      const args = [turbo, 'run', task, '--no-daemon', '--ui=stream']
      const child = spawn(process.execPath, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] })
      const [[code], out, err] = await Promise.all([
        once(child, 'exit'),
        text(child.stdout),
        text(child.stderr),
      ])
      expect(code, out + err).toBe(expected)
      return out
    }
    const uploads = () => emulator.requests.filter(({ step }) => step === 'put').length

    expect(await run('build')).toMatch(/Cached:\s+0 cached/)
    expect(await run('build')).toMatch(/Cached:\s+1 cached/)
    expect(uploads()).toBe(0)

    const active = emulator.waitFor('state', ({ to }) => to === 'ACTIVE')
    expect(await run('upload')).toMatch(/my-evaluator uploaded/)
    await active
    expect(uploads()).toBe(1)

    expect(await run('upload')).toMatch(/my-evaluator unchanged, nothing was sent/)
    expect(uploads()).toBe(1)

    const withoutKey = find('"tasks"').code.replace('"FIREWORKS_API_KEY", ', '')
    writeFileSync(join(root, 'turbo.json'), withoutKey)
    expect(await run('upload', 1)).toMatch(/FW_AUTH[\s\S]*add FIREWORKS_API_KEY to "passThroughEnv"/)
  } finally {
    sandbox.remove()
  }
}, 90_000)
