import { execFile, execFileSync } from 'node:child_process'
import { lstat, mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { bench } from '../../test/bench.ts'

const isGzip = (bytes: Buffer): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b

test('a link stays a link, and its target becomes the archive or the page', async () => {
  const { run, dir } = await bench()
  await writeFile(join(dir, 'target'), 'old')
  for (const [link, target] of [
    ['link', 'target'],
    ['dangling', 'new'],
  ] as const) {
    await symlink(target, join(dir, link))
    expect((await run(['pack', 'src', '--id', 'x', '-o', link])).code).toBe(0)
    expect((await lstat(join(dir, link))).isSymbolicLink()).toBe(true)
    expect(isGzip(await readFile(join(dir, target)))).toBe(true)
  }
  expect((await run(['inspect', 'src', '--html', 'link'])).code).toBe(0)
  expect((await lstat(join(dir, 'link'))).isSymbolicLink()).toBe(true)
  expect(await readFile(join(dir, 'target'), 'utf8')).toMatch(/^<!doctype html>/i)
})

test('a folder, existing or not, gets the file with its own name', async () => {
  const { run, json, dir } = await bench()
  await mkdir(join(dir, 'there'))
  for (const folder of ['there', 'not/yet/']) {
    const { result } = await json(['pack', 'src', '--id', 'x', '-o', folder])
    expect(result).toMatchObject({ file: join(folder, 'x.tar.gz') })
    expect(isGzip(await readFile(join(dir, folder, 'x.tar.gz')))).toBe(true)
  }
  expect((await run(['inspect', 'src', '--html', 'pages/'])).code).toBe(0)
  expect(await readFile(join(dir, 'pages/report.html'), 'utf8')).toMatch(/^<!doctype html>/i)
})

test.skipIf(process.platform !== 'linux')(
  'below /proc no folder can be made, and no attempt goes on for ever',
  async () => {
    const { json } = await bench()
    for (const args of [
      ['pack', 'src', '--id', 'x', '-o', '/proc/nope/new/'],
      ['inspect', 'src', '--html', '/proc/nope/new/'],
      ['pull', 'x', '-o', '/proc/nope/new/out'],
    ]) {
      expect((await json(args)).error, args.join(' ')).toMatchObject({
        code: 'FW_SOURCE',
        message: expect.stringContaining('ENOENT'),
      })
    }
  },
)

test.skipIf(process.platform === 'win32')('a pipe and a device are written to, not replaced', async () => {
  const { run, dir } = await bench()
  execFileSync('mkfifo', [join(dir, 'pipe')])
  for (const args of [
    ['pack', 'src', '--id', 'x', '-o', 'pipe'],
    ['inspect', 'src', '--html', 'pipe'],
  ]) {
    const reading = promisify(execFile)('cat', [join(dir, 'pipe')], { encoding: 'buffer' })
    expect((await run(args)).code).toBe(0)
    expect((await reading).stdout.length).toBeGreaterThan(200)
    expect((await lstat(join(dir, 'pipe'))).isFIFO()).toBe(true)
  }
  expect((await run(['pack', 'src', '--id', 'x', '-o', '/dev/null'])).code).toBe(0)
  expect((await lstat('/dev/null')).isCharacterDevice()).toBe(true)
})

test.skipIf(process.platform === 'win32')('Ctrl-C ends the wait for a reader of a pipe', async () => {
  const { start, dir } = await bench()
  execFileSync('mkfifo', [join(dir, 'pipe')])
  const { child, ended, printed } = start(['pack', 'src', '--id', 'x', '-o', 'pipe'])
  await printed(/packed/)
  child.kill('SIGINT')
  expect((await ended).code).toBe(130)
})

test('/dev/stdout gets only the archive: messages go to stderr', async () => {
  const { run } = await bench()
  const { code, stdout, stderr } = await run(['pack', 'src', '--id', 'x', '-o', '/dev/stdout'])
  expect(code).toBe(0)
  expect(stdout.length).toBeGreaterThan(100)
  expect(stdout).not.toContain('Wrote')
  expect(stderr).toMatch(/Wrote \/dev\/stdout/)
})

test('a target that cannot be written: the error names it and the reason, and is not reported as a bug', async () => {
  const { json, run, dir, write } = await bench()
  await run(['upload', 'src', '--id', 'my-evaluator', '--wait'])
  await write({ file: 'mine' })
  const long = 'x'.repeat(300)
  for (const args of [
    ['pack', 'src', '--id', 'x', '-o', 'gone/x.tar.gz'],
    ['pack', 'src', '--id', 'x', '-o', 'file/x.tar.gz'],
    ['pack', 'src', '--id', 'x', '-o', long],
    ['inspect', 'src', '--html', 'file/x.html'],
    ['inspect', 'src', '--html', long],
    ['inspect', long],
    ['inspect', 'file/below'],
    ['pull', 'my-evaluator', '-o', 'file'],
    ['pull', 'my-evaluator', '-o', 'file/below'],
    ['pull', 'my-evaluator', '-o', long],
    ['init', 'file/below', '--yes'],
    ['init', long, '--yes'],
  ]) {
    const { code, error } = await json(args)
    expect(error, args.join(' ')).toMatchObject({ code: 'FW_SOURCE' })
    expect(code).toBe(1)
  }
  expect(await readFile(join(dir, 'file'), 'utf8')).toBe('mine')
})
