import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import packageJson from '../package.json' with { type: 'json' }
import { BIN, bench } from '../test/bench.ts'
import { uploaded } from '../test/upload-first.ts'

const COMMANDS = [
  'init',
  'upload',
  'pack',
  'inspect',
  'test',
  'status',
  'logs',
  'list',
  'delete',
  'pull',
  'diff',
  'doctor',
  'open',
  'whoami',
  'emulator',
  'complete',
]

test('--version and -v', async () => {
  const { run } = await bench()
  for (const flag of ['--version', '-v']) {
    expect(await run([flag])).toEqual({ code: 0, stdout: `${packageJson.version}\n`, stderr: '' })
  }
})

test('--help names every command, and the help of each has an example', async () => {
  const { run } = await bench()
  const { stdout, code } = await run(['--help'])
  expect(code).toBe(0)
  for (const command of COMMANDS) expect(stdout).toMatch(new RegExp(`\n  ${command} `))
  const helps = await Promise.all(COMMANDS.map((command) => run([command, '--help'])))
  for (const { stdout, code } of helps) {
    expect(code).toBe(0)
    expect(stdout).toMatch(/\nExamples:\n {2}\$ /)
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100)
  }
  expect((await run(['help', 'pack'])).stdout).toBe(helps[COMMANDS.indexOf('pack')]?.stdout)
})

test('a call without a command is wrong usage, and shows the help', async () => {
  const { run } = await bench()
  expect(await run([])).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('Usage:') })
})

test('a misspelt command or flag: a suggestion, and exit code 2', async () => {
  const { run, json } = await bench()
  expect((await run(['uplaod'])).stderr).toMatch(/unknown command 'uplaod'\n\(Did you mean upload\?\)/)
  expect((await run(['upload', '--dryrun'])).stderr).toMatch(
    /unknown option '--dryrun'\n\(Did you mean --dry-run\?\)/,
  )
  expect((await run(['status', 'a', 'b'])).code).toBe(2)
  const { code, error } = await json(['upload', '--dryrun'])
  expect(error).toEqual({
    code: 'FW_USAGE',
    message: "unknown option '--dryrun'",
    hint: 'Did you mean --dry-run?',
  })
  expect(code).toBe(2)
})

test('colours in a pipe only with FORCE_COLOR', async () => {
  const { run } = await uploaded()
  const raw = async (env: NodeJS.ProcessEnv) => (await run(['status', 'my-evaluator'], { env })).stdout
  expect(await raw({})).not.toContain('\u001b[')
  expect(await raw({ FORCE_COLOR: '1' })).toContain('\u001b[32mACTIVE')
})

test('a reader that closes the pipe is no failure, and prints nothing', async () => {
  const { start } = await uploaded()
  const { child, ended } = start(['logs', 'my-evaluator'])
  child.stdout?.destroy()
  expect(await ended).toMatchObject({ code: 0, stderr: '' })
})

test('an upload goes on when its reader has closed the pipe', async () => {
  const { start, emulator } = await bench()
  const { child, ended } = start(['upload', 'src', '--id', 'my-evaluator', '--wait'])
  child.stdout?.destroy()
  child.stderr?.destroy()
  expect((await ended).code).toBe(0)
  expect(emulator.evaluators.get('my-evaluator')?.state).toBe('ACTIVE')
})

test('a result larger than the buffer of a pipe is complete', async () => {
  const { write, dir, env } = await bench()
  const files = Array.from({ length: 3000 }, (_, i) => [`src/some/folder/with/a/long/name/file-${i}.txt`, ''])
  await write(Object.fromEntries(files))
  const child = spawn(process.execPath, [BIN, 'inspect', 'src', '--json'], { cwd: dir, env })
  const closed = once(child, 'close')
  // Reading starts after the command has begun to write.
  await once(child.stdout, 'readable')
  const { result } = JSON.parse(await text(child.stdout))
  expect(result.files).toHaveLength(3002)
  expect(await closed).toEqual([0, null])
})

test('complete: a script that the shell accepts, and answers that match the flags', async () => {
  const { run } = await bench()
  for (const shell of ['bash', 'zsh', 'fish', 'powershell']) {
    const { stdout, code } = await run(['complete', shell])
    expect(code).toBe(0)
    expect(stdout).toContain('fw-evaluator')
    if (shell === 'bash') execFileSync('bash', ['-n'], { input: stdout })
  }
  const words = async (...line: string[]) => (await run(['complete', '--', ...line])).stdout
  expect(await words('up')).toMatch(/^upload\t/)
  expect(await words('upload', '--disp')).toMatch(/^--display-name\t/)
  expect(await words('complete', '')).toMatch(/^bash\b[\s\S]*\nfish\b/)
  expect(await words('init', '--bundler', '')).toMatch(/^vite\b[\s\S]*\nesbuild\b/)
  expect((await run(['complete', 'tcsh'])).code).toBe(2)
})

test('Tab in bash completes commands and flags', async () => {
  const { run, dir } = await bench()
  await symlink(BIN, join(dir, 'fw-evaluator'))
  const { stdout: script } = await run(['complete', 'bash'])
  // The package bash-completion has the first function. Here the words need no splitting.
  await writeFile(
    join(dir, 'tab.sh'),
    `_get_comp_words_by_ref() { words=("\${LINE[@]}"); cur=\${LINE[-1]}; }
${script}
LINE=("$@")
__fw_evaluator_complete
printf '%s\\n' "\${COMPREPLY[@]}"
`,
  )
  const complete = (...line: string[]): string =>
    execFileSync('bash', ['tab.sh', 'fw-evaluator', ...line], {
      cwd: dir,
      env: { ...process.env, PATH: `${dir}:${process.env.PATH}` },
      encoding: 'utf8',
      // It prints a warning, because no completion is running.
      stdio: ['ignore', 'pipe', 'ignore'],
    })
  expect(complete('up')).toBe('upload\n')
  expect(complete('upload', '--sh')).toBe('--shard\n')
  // A start-up file may be read twice.
  await writeFile(join(dir, 'twice.sh'), 'eval "$(fw-evaluator complete bash)"\n'.repeat(2))
  const env = { ...process.env, PATH: `${dir}:${process.env.PATH}` }
  expect(execFileSync('bash', ['twice.sh'], { cwd: dir, env, encoding: 'utf8' })).toBe('')
})

test('Tab completes the ids of evaluators, and nothing if the service does not answer', async () => {
  const { run } = await uploaded()
  const words = async (...line: string[]) => (await run(['complete', '--', ...line])).stdout
  expect(await words('status', '')).toMatch(/^my-evaluator\b/)
  expect(await words('pull', 'my')).toMatch(/^my-evaluator\b/)
  expect(await words('status', '--')).toMatch(/--account-id\t/)
  const gone = { FIREWORKS_API_BASE: 'http://127.0.0.1:1', FIREWORKS_API_KEY: '' }
  expect(await run(['complete', '--', 'status', ''], { env: gone })).toMatchObject({ code: 0, stderr: '' })
})

test('--wait takes the next word if it is a time', async () => {
  const { json } = await bench()
  const waits = async (...args: string[]) => {
    const { result } = await json(['upload', '--id', 'my-evaluator', '--force', ...args])
    return JSON.stringify(result)
  }
  expect(await waits('src', '--wait', '5m')).toMatch(/"state":"ACTIVE"/)
  expect(await waits('--wait', '20s', 'src')).toMatch(/"state":"ACTIVE"/)
  expect(await waits('--wait', 'src')).toMatch(/"state":"ACTIVE"/)
})

test('--version loads only its number', async () => {
  const loaded = execFileSync(process.execPath, [BIN, '--version'], {
    env: { ...process.env, NODE_DEBUG: 'esm' },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  expect(String(loaded)).not.toMatch(/commander|main-/)
})

test('the README has every flag of every command, and none that does not exist', async () => {
  const { run } = await bench()
  const helps = await Promise.all(COMMANDS.map(async (name) => (await run([name, '--help'])).stdout))
  const flagsIn = (text: string): Set<string> => new Set(text.match(/(?<![\w-])--[a-z][a-z-]+/g))
  const flags = flagsIn(
    helps.map((help) => help.replace(/[\s\S]*\nOptions:|\nExamples:[\s\S]*/g, '')).join('\n'),
  )
  flags.delete('--help')
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8')
  const [, table = ''] = /\n## Flags\n([\s\S]*?)\n## /.exec(readme) ?? []
  expect([...flagsIn(table)].sort()).toEqual([...flags].sort())
  for (const command of COMMANDS) expect(readme).toMatch(new RegExp(`\\n\\| \`${command}[ \`]`))
})
