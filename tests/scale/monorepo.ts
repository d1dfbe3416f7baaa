import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative, resolve } from 'node:path'
import { text } from 'node:stream/consumers'

export const EXAMPLE: string = resolve(import.meta.dirname, '../../examples/turbo-monorepo')

/** A fresh checkout of the example, as on another machine: nothing is built, and the only cache is remote. */
export interface Checkout extends AsyncDisposable {
  /** Runs turbo in it, and returns its output. Rejects if turbo fails. */
  turbo(...args: string[]): Promise<string>
  /** Changes a file. */
  edit(path: string, change: (text: string) => string): Promise<void>
}

/** @param env the variables of the shell, in addition to PATH and HOME */
export async function checkOut(env: Readonly<Record<string, string>>): Promise<Checkout> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'fw-monorepo-')))
  const dir = join(root, 'checkout')
  const isSource = (path: string) =>
    !/(^|[\\/])(node_modules|dist|\.turbo)([\\/]|$)/.test(relative(EXAMPLE, path))
  await cp(EXAMPLE, dir, { recursive: true, filter: isSource })
  const installed = join(import.meta.dirname, 'node_modules')
  await symlink(installed, join(dir, 'node_modules'), 'junction')
  // Otherwise npm asks its registry for a newer npm.
  await writeFile(join(root, '.npmrc'), 'update-notifier=false\n')
  return {
    async turbo(...args) {
      const child = spawn(process.execPath, [join(installed, 'turbo/bin/turbo'), 'run', ...args], {
        cwd: dir,
        env: {
          PATH: process.env.PATH,
          HOME: root,
          TURBO_TELEMETRY_DISABLED: '1',
          DO_NOT_TRACK: '1',
          ...env,
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      const [[code], out, err] = await Promise.all([
        once(child, 'exit'),
        text(child.stdout),
        text(child.stderr),
      ])
      if (code !== 0) throw new Error(`turbo run ${args.join(' ')} ended with ${code}:\n${out}${err}`)
      return out + err
    },
    async edit(path, change) {
      const file = join(dir, path)
      await writeFile(file, change(await readFile(file, 'utf8')))
    },
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
  }
}
