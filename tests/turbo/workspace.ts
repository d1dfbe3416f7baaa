import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

const root = join(import.meta.dirname, '../..')
const turbo = join(dirname(createRequire(import.meta.url).resolve('turbo/package.json')), 'bin/turbo')
const env = { ...process.env, TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1', TURBO_HASH: undefined }

export interface Task {
  readonly taskId: string
  readonly hash: string
  readonly command: string
  readonly dependencies: readonly string[]
  readonly resolvedTaskDefinition: { readonly cache: boolean; readonly outputs: readonly string[] }
  readonly envMode: string
}

/** A copy of all files that git would track. Tests change the copy, because other tests read the originals. */
export function copyWorkspace(): string {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'fw-turbo-'))
  const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  })
  for (const path of listed.split('\0').filter((one) => one && existsSync(join(root, one)))) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    copyFileSync(join(root, path), join(folder, path))
  }
  return folder
}

/** The tasks that turbo would run. Runs nothing. */
export function plan(folder: string): ReadonlyMap<string, Task> {
  const tasks = ['lint', 'knip', 'sherif', 'build', 'typecheck', 'test', '--dry=json']
  const printed = execFileSync(process.execPath, [turbo, 'run', ...tasks], {
    cwd: folder,
    env,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const dry: { tasks: Task[] } = JSON.parse(printed)
  return new Map(dry.tasks.map((task) => [task.taskId, task]))
}

/** The tasks that would run again if a file of the copy had one more line, or were new. Restores the file. */
export function tasksAfterChange(folder: string, before: ReadonlyMap<string, Task>, path: string): string[] {
  const file = join(folder, path)
  const text = existsSync(file) ? readFileSync(file) : undefined
  appendFileSync(file, '\n')
  const after = [...plan(folder).values()]
  if (text) writeFileSync(file, text)
  else rmSync(file)
  const changed = after.filter(({ taskId, hash }) => before.get(taskId)?.hash !== hash)
  return changed
    .filter(runs)
    .map(({ taskId }) => taskId)
    .sort()
}

/** Turbo also lists tasks without a script. */
export const runs = ({ command }: Task): boolean => command !== '<NONEXISTENT>'
