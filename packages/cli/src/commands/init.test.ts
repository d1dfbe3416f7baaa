import { execFile } from 'node:child_process'
import { readdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { type Bench, bench } from '../../test/bench.ts'
import { openTerminal, pty } from '../../test/terminal.ts'

/** What the command tells to install is there already. */
async function project(
  files: Record<string, string> = {},
): Promise<Bench & { build(...command: string[]): Promise<string> }> {
  const made = await bench()
  await made.write({ 'package.json': '{"name":"@me/My Scorer","type":"module"}', ...files })
  await symlink(fileURLToPath(new URL('../../node_modules', import.meta.url)), join(made.dir, 'node_modules'))
  return {
    ...made,
    async build(...command) {
      const options = { cwd: made.dir, env: { ...made.env, CI: '1' } }
      const { stdout, stderr } = await promisify(execFile)(process.execPath, command, options)
      return stdout + stderr
    },
  }
}

const VITE = 'node_modules/vite/bin/vite.js'
const files = ({ emulator }: Bench, id: string): unknown => emulator.evaluators.get(id)?.resource

test('an empty folder: a config, a source, and vite build uploads what they make', async () => {
  const made = await project()
  const { result, code } = await made.json(['init', '--yes'])
  expect(code).toBe(0)
  expect(result).toMatchObject({
    id: 'my-scorer',
    bundler: 'vite',
    kept: [],
    written: [
      'vite.config.mjs',
      'src/score.js',
      'test_my_scorer.py',
      'requirements.txt',
      '.env.example',
      '.github/workflows/evaluator.yml',
    ],
    todo: [
      expect.stringContaining('npm install -D vite @fw/vite-plugin'),
      expect.stringContaining('npx vite build'),
    ],
  })
  // As .env.example says.
  const [, command = ''] = /node (--env-file=\.env .*)/.exec(await made.read('.env.example')) ?? []
  await made.write({
    '.env': Object.entries(made.emulator.env)
      .map(([name, value]) => `${name}=${value}`)
      .join('\n'),
  })
  await made.build(...command.split(' '))
  expect(files(made, 'my-scorer')).toMatchObject({ entryPoint: 'test_my_scorer.py::test_my_scorer' })
  await made.run(['pull', 'my-scorer', '-o', 'back'])
  expect(await readdir(join(made.dir, 'back'))).toEqual([
    'requirements.txt',
    'scorer.js',
    'test_my_scorer.py',
  ])
  expect(await made.read('back/scorer.js')).toMatch(/^var scorer=/)
})

test('a Vite project: its config gets the plugin and stays as it was otherwise', async () => {
  const config = `import { defineConfig } from 'vite'

export default defineConfig({
  // mine
  build: { lib: { entry: 'index.ts', name: 'scorer', formats: ['iife'], fileName: () => 'scorer.js' } },
})
`
  const made = await project({
    'vite.config.ts': config,
    'index.ts': 'export const score = (a: string): number => a.length\n',
  })
  const { result } = await made.json(['init', '--id', 'mine', '--no-ci'])
  expect(result).toMatchObject({
    written: ['vite.config.ts', 'test_mine.py', 'requirements.txt', '.env.example'],
  })
  const edited = await made.read('vite.config.ts')
  expect(edited.split('\n').filter((line) => !line.includes('fwEvaluator'))).toEqual(config.split('\n'))
  expect(edited).toContain(
    "plugins: [fwEvaluator({ evaluatorId: 'mine', include: ['test_mine.py', 'requirements.txt'] })],",
  )
  await made.build(VITE, 'build')
  expect(files(made, 'mine')).toMatchObject({ entryPoint: 'test_mine.py::test_mine' })
  // A second time there is nothing left to do, and nothing is replaced.
  expect((await made.json(['init', '--id', 'mine', '--no-ci'])).result).toMatchObject({ written: [] })
  expect(await made.read('vite.config.ts')).toBe(edited)
})

test('an esbuild script: the plugin is in its call, and running it uploads', async () => {
  const script =
    "import * as esbuild from 'esbuild'\n\nawait esbuild.build({ entryPoints: ['a.js'], outfile: 'dist/scorer.js' })\n"
  const made = await project({
    'build.mjs': script,
    'a.js': 'var scorer = {}\n',
    'requirements.txt': 'mine\n',
  })
  const { result } = await made.json(['init', '--id', 'scripted'])
  expect(result).toMatchObject({ bundler: 'esbuild', kept: ['requirements.txt'] })
  expect(await made.read('requirements.txt')).toBe('mine\n')
  expect(await made.read('.github/workflows/evaluator.yml')).toMatch(/run: node build\.mjs\n/)
  await made.build('build.mjs')
  expect(files(made, 'scripted')).toMatchObject({ state: expect.stringMatching(/BUILDING|ACTIVE/) })
})

test('--bundler esbuild, in a folder that is named, with TypeScript and pnpm', async () => {
  const made = await project({ 'sub/tsconfig.json': '{}', 'sub/pnpm-lock.yaml': '' })
  const { result } = await made.json(['init', 'sub', '--bundler', 'esbuild'])
  expect(result).toMatchObject({
    id: 'sub',
    written: expect.arrayContaining(['build.mjs', 'src/score.ts']),
    todo: [expect.stringContaining('pnpm add -D esbuild @fw/esbuild-plugin'), expect.anything()],
  })
  expect(await made.read('sub/src/score.ts')).toMatch(/answer: string/)
  expect(await made.read('sub/.github/workflows/evaluator.yml')).toMatch(/pnpm install --frozen-lockfile/)
})

test('a config that cannot be edited safely: the line to add is printed', async () => {
  const config = 'export default { plugins: all() }\n'
  const made = await project({ 'vite.config.js': config })
  const { stdout, code } = await made.run(['init', '--id', 'a'])
  expect(stdout).toMatch(
    /Add to vite\.config\.js:\n {4}import \{ fwEvaluator \} from '@fw\/vite-plugin'\n {4}plugins: \[fwEvaluator\(/,
  )
  expect(code).toBe(0)
  expect(await made.read('vite.config.js')).toBe(config)
})

test('an id that is none is wrong usage', async () => {
  const { json } = await bench()
  const { code, error } = await json(['init', '--id', 'My Eval'])
  expect(error).toMatchObject({ code: 'FW_USAGE', hint: expect.stringContaining('my-eval') })
  expect(code).toBe(2)
})

describe.skipIf(!pty)('on a terminal', () => {
  test('it asks for the id and before it overwrites; --yes asks nothing', async () => {
    const made = await bench()
    await made.write({
      'requirements.txt': 'mine\n',
      '.env.example': 'mine\n',
      'package.json': '{"name":"named"}',
    })
    const terminal = await openTerminal(made, ['init'])
    await terminal.shows(/Id of the evaluator \[named\] /)
    terminal.type('chosen\r')
    await terminal.shows(/requirements\.txt exists\. Overwrite it\? \[y\/N\]/)
    terminal.type('y\r')
    await terminal.shows(/\.env\.example exists\. Overwrite it\? \[y\/N\]/)
    terminal.type('\r')
    expect(await terminal.ended).toBe(0)
    expect(await made.read('requirements.txt')).toMatch(/eval-protocol/)
    expect(await made.read('.env.example')).toBe('mine\n')
    expect(await made.read('test_chosen.py')).toMatch(/def test_chosen\(/)
    const quiet = await openTerminal(made, ['init', '--yes'])
    expect(await quiet.ended).toBe(0)
    expect(await made.read('test_named.py')).toMatch(/def test_named\(/)
  })
})
