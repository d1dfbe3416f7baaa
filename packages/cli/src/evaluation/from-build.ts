import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { EvaluatorUploadError } from '@fw/evaluator-core'
import type { Context } from '../context.ts'
import { UsageError } from '../terminal/usage-error.ts'
import { runChild } from './child.ts'

/** Scripts of package.json that may build an evaluator, the likeliest first. */
const SCRIPTS = ['evaluator', 'build:evaluator', 'build']

/**
 * Builds a project. Its plugin writes the archive that it would upload: with FW_EVALUATOR_PACK set, it packs into that
 * folder, and sends nothing.
 */
export async function archiveOfBuild(
  { signal, err, verbose }: Context,
  project: string,
  { fromBuild, id }: { fromBuild?: string | true | undefined; id?: string | undefined },
  scratch: string,
): Promise<{ path: string; entryPoint?: string }> {
  const folder = join(scratch, 'packed')
  await mkdir(folder)
  const command = typeof fromBuild === 'string' ? fromBuild : await buildScript(project)
  err.line(`Building: ${command}`)
  const { code, text } = await runChild(command, [], {
    cwd: resolve(project),
    env: { ...process.env, FW_EVALUATOR_PACK: folder },
    signal,
    shell: true,
    onText: verbose ? err.write : undefined,
  })
  if (signal.aborted) throw new EvaluatorUploadError('FW_ABORTED', 'Interrupted.')
  if (code !== 0) {
    if (!verbose) err.write(text)
    // Find the plugin's own error, which each bundler prints in another way.
    const [, why] = /was not uploaded \(FW_\w+\): (.*)/.exec(stripVTControlCharacters(text)) ?? []
    throw new EvaluatorUploadError(
      'FW_SOURCE',
      why
        ? `The build failed: ${why}`
        : `The build failed: ${command} ended with ${code ?? 'a signal'}. Its output says why.`,
    )
  }
  return packed(folder, command, id)
}

async function packed(
  folder: string,
  command: string,
  id: string | undefined,
): Promise<{ path: string; entryPoint?: string }> {
  const ids = (await readdir(folder))
    .filter((name) => name.endsWith('.tar.gz'))
    .map((name) => name.slice(0, -'.tar.gz'.length))
  const [first] = ids
  const chosen = id ?? first
  if (chosen === undefined || !ids.includes(chosen)) {
    throw new EvaluatorUploadError(
      'FW_SOURCE',
      `${command} packed ${chosen ? `no ${chosen}` : 'no evaluator'}.`,
      {
        hint: 'Name the command that builds with the plugin: fw-evaluator test --from-build="npm run build"',
      },
    )
  }
  if (id === undefined && ids.length > 1)
    throw new UsageError(`The build packed ${ids.join(', ')}.`, 'Name one with --id.')
  const { entryPoint }: { entryPoint?: string } = JSON.parse(
    await readFile(join(folder, `${chosen}.json`), 'utf8'),
  )
  return { path: join(folder, `${chosen}.tar.gz`), ...(entryPoint !== undefined && { entryPoint }) }
}

async function buildScript(project: string): Promise<string> {
  const file = join(project, 'package.json')
  const { scripts = {} }: { scripts?: Record<string, string> } = existsSync(file)
    ? JSON.parse(await readFile(file, 'utf8'))
    : {}
  const script = SCRIPTS.find((name) => scripts[name] !== undefined)
  if (script) return `npm run --silent ${script}`
  throw new UsageError(
    'package.json has no script that builds an evaluator.',
    'Name the command: fw-evaluator test --from-build="vite build"',
  )
}
