import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import type { Context, Done } from '../context.ts'
import { addPlugin, PLUGINS, pluginLines } from '../init/add-plugin.ts'
import { type Bundler, type Project, readProject } from '../init/project.ts'
import {
  buildCommand,
  envExample,
  newConfig,
  pythonEntry,
  pythonName,
  REQUIREMENTS,
  scoreSource,
  workflow,
} from '../init/templates.ts'
import { defaultId } from '../options/evaluator-name.ts'
import { ask, canAsk, confirm } from '../terminal/ask.ts'
import type { Out } from '../terminal/out.ts'
import { UsageError } from '../terminal/usage-error.ts'

interface InitFlags {
  id?: string | undefined
  bundler?: Bundler | undefined
  ci: boolean
  yes?: true | undefined
}

/** A file that is to be written. */
interface Planned {
  path: string
  text: string
  /** It is there and is changed, not replaced: that is what was asked for. */
  isEdit?: boolean
}

const LEGAL_ID = /^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/

export async function init(context: Context, dir = '.', flags: InitFlags): Promise<Done> {
  const { ci, yes } = flags
  const isAsking = yes !== true && canAsk(context)
  const root = resolve(dir)
  const project = readProject(root, flags.bundler)
  const bundler = project.config?.bundler ?? flags.bundler ?? 'vite'
  const id = await chooseId(flags.id ?? (isAsking ? undefined : defaultId(project.name, root)), context, () =>
    defaultId(project.name, root),
  )
  const { files, todo } = plan(project, { id, bundler, ci })
  const written: string[] = []
  const kept: string[] = []
  for (const { path, text, isEdit } of files) {
    const file = join(root, path)
    const isThere = existsSync(file) && !isEdit
    if (isThere && !(isAsking && (await confirm(context, `${path} exists. Overwrite it?`)))) {
      kept.push(path)
      continue
    }
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, text)
    written.push(path)
  }
  const install = { npm: 'npm install -D', pnpm: 'pnpm add -D', yarn: 'yarn add -D', bun: 'bun add -d' }
  todo.unshift(`${install[project.packageManager]} ${bundler} ${PLUGINS[bundler]}`)
  const result = { id, bundler, written, kept, todo }
  return { result, text: () => describe(result, context.out) }
}

async function chooseId(given: string | undefined, context: Context, suggest: () => string): Promise<string> {
  const id = given ?? ((await ask(context, `Id of the evaluator [${suggest()}] `)) || suggest())
  if (LEGAL_ID.test(id)) return id
  throw new UsageError(`"${id}" cannot be an evaluator's id.`, `The nearest that can: "${defaultId(id)}".`)
}

interface Choices {
  id: string
  bundler: Bundler
  ci: boolean
}

function plan(project: Project, { id, bundler, ci }: Choices): { files: Planned[]; todo: string[] } {
  const files: Planned[] = []
  const todo: string[] = []
  const python = `${pythonName(id)}.py`
  const config = project.config ?? newConfig(bundler, project)
  const { file } = config
  const line = { bundler, file, evaluatorId: id, include: [python, 'requirements.txt'] }

  if (!config.text.includes(PLUGINS[bundler])) {
    const text = addPlugin(config.text, line)
    if (text === undefined) todo.push(`Add to ${file}:\n${pluginLines(line).join('\n')}`)
    else files.push({ path: file, text, isEdit: project.config !== undefined })
  }
  if (project.config) {
    todo.push(
      `See that the build writes one script that any engine runs: ${python} calls scorer.score in scorer.js.`,
    )
  } else {
    const { isTypeScript } = project
    files.push({ path: `src/score.${isTypeScript ? 'ts' : 'js'}`, text: scoreSource(isTypeScript) })
  }
  files.push(
    { path: python, text: pythonEntry(id) },
    { path: 'requirements.txt', text: REQUIREMENTS },
    { path: '.env.example', text: envExample(bundler, file) },
  )
  const build = buildCommand(bundler, file)
  if (ci) files.push({ path: '.github/workflows/evaluator.yml', text: workflow(project, build) })
  todo.push(`Set FIREWORKS_API_KEY, then: ${build}`)
  return { files, todo }
}

interface Result {
  written: readonly string[]
  kept: readonly string[]
  todo: readonly string[]
}

function describe({ written, kept, todo }: Result, out: Out): string {
  return [
    ...written.map((path) => `${out.style('green', '✔')} ${path}`),
    ...kept.map((path) => `${out.style('yellow', '-')} ${path} ${out.style('dim', 'exists, kept as it is')}`),
    '',
    'Next:',
    ...todo.map((text) => `  ${text.replaceAll('\n', '\n    ')}`),
  ].join('\n')
}
