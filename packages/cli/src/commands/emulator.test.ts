import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { expect, test } from 'vitest'
import { BIN, bench } from '../../test/bench.ts'

test.skipIf(process.platform === 'win32')(
  'SIGTERM to npx ends it, although a shell is in between',
  async () => {
    // Started as by npx: the shell gets the signal, and does not pass it on.
    const shell = spawn('/bin/sh', ['-c', `"${process.execPath}" "${BIN}" emulator; true`], {
      env: { ...process.env, npm_config_user_agent: 'npm/11.0.0' },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    const closed = once(shell, 'close')
    for await (const line of createInterface(shell.stderr)) if (line.includes('Emulator and its page')) break
    shell.kill('SIGTERM')
    shell.stderr.resume()
    // Resolves when the last process with this pipe has ended.
    await closed
  },
)

test('the texts of clients are printed without control characters', async () => {
  const { start } = await bench()
  const { child, printed, ended } = start(['emulator'])
  const [, key = ''] = await printed(/FIREWORKS_API_KEY=(\S+)/)
  const [, base = ''] = await printed(/FIREWORKS_API_BASE=(\S+)/)
  const filter = encodeURIComponent('\u001b]0;title\u0007\u009b31m\r\n\u202e what?')
  await fetch(`${base}/v1/accounts/emulator/evaluators?filter=${filter}`, {
    headers: { authorization: `Bearer ${key}` },
  })
  await printed(/400 GET .*invalid filter/)
  child.kill('SIGTERM')
  const { stderr } = await ended
  expect(stderr).toMatch(/invalid filter.*what\?\n/)
  expect(stderr).not.toMatch(/[^\P{Cc}\n]|\p{Bidi_Control}/u)
})
