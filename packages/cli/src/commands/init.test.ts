import { execFile } from 'node:child_process'
import { mkdir, readdir, rm, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { type Bench, bench } from '../../test/bench.ts'
import { openTerminal, pty } from '../../test/terminal.ts'

const MODULES = fileURLToPath(new URL('../../node_modules', import.meta.url))
const MANIFEST = '{\n    "name": "@me/My Scorer",\n    "type": "module"\n}\n'

interface Made extends Bench {
  /** Runs the script that `init` made, as its message says, in a folder below the working directory. */
  build(folder?: string): Promise<string>
  /** Paths of what went up. */
  uploaded(id: string): Promise<string[]>
}

/** A project that already has the packages that the command would install. */
async function project(files: Record<string, string> = {}, folder = '.'): Promise<Made> {
  const made = await bench()
  // Every bench has an evaluator in Python.
  await rm(join(made.dir, 'src'), { recursive: true })
  await made.write(files)
  await mkdir(join(made.dir, folder), { recursive: true })
  await symlink(MODULES, join(made.dir, folder, 'node_modules'))
  return {
    ...made,
    async build(where = '.') {
      const options = { cwd: join(made.dir, where), env: { ...made.env, CI: '1' } }
      const { stdout, stderr } = await promisify(execFile)('npm', ['run', 'evaluator'], options)
      return stdout + stderr
    },
    async uploaded(id) {
      await made.run(['pull', id, '-o', 'back'])
      return (await readdir(join(made.dir, 'back'))).sort()
    },
  }
}

const GENERATED = ['package.json', 'requirements.txt', 'scorer_host.mjs']
const state = ({ emulator }: Bench, id: string): unknown => ({
  state: emulator.evaluators.get(id)?.state,
  entryPoint: emulator.evaluators.get(id)?.resource.entryPoint,
})

describe.skipIf(process.platform === 'win32')('its own instructions lead to an ACTIVE evaluator', () => {
  test.each(['vite', 'esbuild'] as const)('an empty folder, with %s', async (bundler) => {
    const made = await project()
    const { result, code } = await made.json(['init', '--yes', '--id', 'fresh', '--bundler', bundler])
    expect(code).toBe(0)
    expect(result).toEqual({
      id: 'fresh',
      bundler,
      kept: [],
      written: [
        bundler === 'vite' ? 'vite.config.ts' : 'build.mjs',
        'src/score.ts',
        'rows.jsonl',
        '.env.example',
        'package.json',
        '.github/workflows/evaluator.yml',
      ],
      todo: [
        `npm install -D ${bundler} @fw/${bundler}-plugin @fw/evaluator-scorer @fw/evaluator-cli`,
        expect.stringContaining('npx fw-evaluator test --from-build'),
        'Set FIREWORKS_API_KEY, then: npm run evaluator',
      ],
    })
    await made.build()
    expect(state(made, 'fresh')).toEqual({ state: 'ACTIVE', entryPoint: 'test_fresh.py::test_fresh' })
    expect(await made.uploaded('fresh')).toEqual(
      [...GENERATED, 'rows.jsonl', 'score.js', 'test_fresh.py'].sort(),
    )
    const again = await made.json(['init', '--yes', '--id', 'fresh'])
    expect(again.result).toMatchObject({ bundler, written: [] })
  })

  test('a React app: its config and its output do not change', async () => {
    const config = 'export default { plugins: [] }\n'
    const made = await project({
      'package.json': MANIFEST,
      'vite.config.ts': config,
      'tsconfig.json': '{}',
      'index.html': '<!doctype html>',
      'dist/index.html': 'the app',
      'public/icon.svg': '<svg/>',
      '.gitignore': 'node_modules\ndist',
    })
    const { result } = await made.json(['init', '--no-ci'])
    expect(result).toMatchObject({
      id: 'my-scorer',
      written: [
        'evaluator.vite.ts',
        'evaluator/score.ts',
        'evaluator/rows.jsonl',
        '.env.example',
        'package.json',
        '.gitignore',
      ],
    })
    expect(await made.read('vite.config.ts')).toBe(config)
    expect(await made.read('package.json')).toBe(
      MANIFEST.replace(
        '"module"',
        '"module",\n    "scripts": {\n        "evaluator": "vite build --config evaluator.vite.ts"\n    }',
      ),
    )
    expect(await made.read('.gitignore')).toBe('node_modules\ndist\ndist-evaluator\n')
    await made.build()
    expect(state(made, 'my-scorer')).toMatchObject({ state: 'ACTIVE' })
    expect(await made.uploaded('my-scorer')).toEqual(
      [...GENERATED, 'evaluator', 'score.js', 'test_my_scorer.py'].sort(),
    )
    expect(await made.read('dist/index.html')).toBe('the app')
    // A second run has nothing to do, and replaces nothing.
    expect((await made.json(['init', '--no-ci'])).result).toMatchObject({ written: [] })
  })

  test('an esbuild script of something else, in JavaScript, in a package of CommonJS', async () => {
    const script = "require('esbuild').build({ entryPoints: ['a.js'] })\n"
    const made = await project({ 'package.json': '{"name":"old"}', 'build.js': script, 'a.js': '' })
    const { result } = await made.json(['init', '--yes'])
    expect(result).toMatchObject({
      bundler: 'esbuild',
      written: expect.arrayContaining(['evaluator.build.mjs', 'evaluator/score.js']),
    })
    expect(await made.read('build.js')).toBe(script)
    await made.build()
    expect(state(made, 'old')).toMatchObject({ state: 'ACTIVE' })
  })

  test('a package of a pnpm workspace: the workflow is in the root of the repository, and installs there', async () => {
    const made = await project(
      {
        '.git/HEAD': 'ref: refs/heads/main\n',
        'pnpm-lock.yaml': '',
        'packages/one/package.json': '{"name":"one"}',
        'packages/one/tsconfig.json': '{}',
      },
      'packages/one',
    )
    const { result } = await made.json(['init', 'packages/one'])
    expect(result).toMatchObject({
      written: expect.arrayContaining(['evaluator.vite.mts', '../../.github/workflows/evaluator-one.yml']),
      todo: [expect.stringMatching(/^pnpm add -D vite /), expect.anything(), expect.anything()],
    })
    expect(await made.read('.github/workflows/evaluator-one.yml')).toMatch(
      /- run: corepack enable\n {6}- run: pnpm install --frozen-lockfile\n {6}- run: npm run evaluator\n {8}working-directory: packages\/one\n/,
    )
    await made.build('packages/one')
    expect(state(made, 'one')).toMatchObject({ state: 'ACTIVE' })
  })
})

test('what is installed is not named to install, and a script of that name stays', async () => {
  const scripts = { evaluator: 'node mine.js' }
  const made = await project({
    'package.json': JSON.stringify({ name: 'app', scripts, devDependencies: { vite: '^5.4.0' } }),
  })
  const { result } = await made.json(['init'])
  expect(result).toMatchObject({
    todo: [
      'npm install -D @fw/vite-plugin @fw/evaluator-scorer @fw/evaluator-cli',
      expect.stringContaining('npx fw-evaluator test --from-build="npm run build:evaluator" ('),
      'Set FIREWORKS_API_KEY, then: npm run build:evaluator',
    ],
  })
  expect(JSON.parse(await made.read('package.json')).scripts).toEqual({
    ...scripts,
    'build:evaluator': 'vite build --config evaluator.vite.mjs',
  })
  expect(await made.read('.github/workflows/evaluator.yml')).toContain('- run: npm run build:evaluator\n')
})

test.each(['{ "name": "x", ', '[]', 'null'])('an invalid package.json is wrong usage: %s', async (text) => {
  const made = await project({ 'package.json': text })
  expect(await made.json(['init'])).toMatchObject({
    code: 2,
    error: {
      code: 'FW_USAGE',
      message: expect.stringMatching(/package\.json cannot be read: it is not a JSON object/),
    },
  })
  expect(await made.read('package.json')).toBe(text)
})

test('an existing evaluator in Python: only its upload is added', async () => {
  const made = await bench()
  const { result } = await made.json(['init', 'src', '--id', 'mine'])
  expect(result).toMatchObject({ python: 'test_scorer.py', written: ['.github/workflows/evaluator.yml'] })
  const [, last = ''] = (result as { todo: string[] }).todo
  expect(last).toBe(
    'Set FIREWORKS_API_KEY, then: npx -p @fw/evaluator-cli fw-evaluator upload . --id mine --wait',
  )
  expect(await made.read('src/.github/workflows/evaluator.yml')).not.toContain('npm ci')
  const { code } = await made.json(['upload', '.', '--id', 'mine', '--wait'], { cwd: join(made.dir, 'src') })
  expect(code).toBe(0)
})

test('the variables come from a file, as .env.example explains', async () => {
  const made = await project({ 'package.json': MANIFEST })
  await made.json(['init', '--no-ci', '--id', 'a'])
  const [, command = ''] = /node (--env-file=\.env .*)/.exec(await made.read('.env.example')) ?? []
  const lines = Object.entries(made.emulator.env).map(([name, value]) => `${name}=${value}`)
  await made.write({ '.env': lines.join('\n') })
  await promisify(execFile)(process.execPath, command.split(' '), {
    cwd: made.dir,
    env: { PATH: made.env.PATH },
  })
  expect(state(made, 'a')).toMatchObject({ state: 'ACTIVE' })
})

test('an invalid id is wrong usage', async () => {
  const { json } = await bench()
  const { code, error } = await json(['init', '--id', 'My Eval'])
  expect(error).toMatchObject({ code: 'FW_USAGE', hint: expect.stringContaining('my-eval') })
  expect(code).toBe(2)
})

describe.skipIf(!pty)('on a terminal', () => {
  test('it asks for the id, and before it overwrites; with --yes it does not ask', async () => {
    const made = await bench()
    await made.write({
      'app/evaluator/rows.jsonl': 'mine\n',
      'app/.env.example': 'mine\n',
      'app/package.json': '{"name":"named"}',
    })
    const terminal = await openTerminal(made, ['init', 'app'])
    await terminal.shows(/Id of the evaluator \[named\] /)
    terminal.type('chosen\r')
    await terminal.shows(/rows\.jsonl exists\. Overwrite it\? \[y\/N\]/)
    terminal.type('y\r')
    await terminal.shows(/\.env\.example exists\. Overwrite it\? \[y\/N\]/)
    terminal.type('\r')
    expect(await terminal.ended).toBe(0)
    expect(await made.read('app/evaluator/rows.jsonl')).toMatch(/ground_truth/)
    expect(await made.read('app/.env.example')).toBe('mine\n')
    expect(await made.read('app/evaluator.vite.mjs')).toMatch(/evaluatorId: 'chosen'/)
    const quiet = await openTerminal(made, ['init', 'app', '--yes'])
    expect(await quiet.ended).toBe(0)
  })
})
