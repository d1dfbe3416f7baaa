import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { isEvaluatorId } from '@fw/evaluator-core'
import { makeFolder } from '../archive/output-file.ts'
import type { Context, Done } from '../context.ts'
import { type Bundler, type Project, posixPath, readProject } from '../init/project.ts'
import {
  configSource,
  envExample,
  installCommand,
  layOut,
  PLUGINS,
  rowsSource,
  scoreSource,
  withScript,
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

/** A file to write. */
interface Planned {
  /** Relative to the folder. */
  path: string
  text: string
  /** An existing file that is changed, not replaced, without a question. */
  isEdit?: boolean
}

interface Plan {
  files: Planned[]
  /** The next steps, one command each. */
  todo: string[]
}

export async function init(context: Context, dir = '.', flags: InitFlags): Promise<Done> {
  const { ci, yes } = flags
  const isAsking = yes !== true && canAsk(context)
  const root = resolve(dir)
  const project = readProject(root)
  const bundler = flags.bundler ?? project.bundler ?? 'vite'
  const id = await chooseId(flags.id ?? (isAsking ? undefined : defaultId(project.name, root)), context, () =>
    defaultId(project.name, root),
  )
  const { files, todo } = project.python
    ? planPython(project, root, id, ci)
    : await planScorer(project, root, { id, bundler, ci })
  const written: string[] = []
  const kept: string[] = []
  for (const { path, text, isEdit } of files) {
    const file = join(root, path)
    const isThere = existsSync(file) && !isEdit
    if (isThere && !(isAsking && (await confirm(context, `${path} exists. Overwrite it?`)))) {
      kept.push(path)
      continue
    }
    await makeFolder(dirname(file))
    await writeFile(file, text)
    written.push(path)
  }
  const { python } = project
  const result = { id, bundler, ...(python !== undefined && { python }), written, kept, todo }
  return { result, text: () => describe(result, context.out) }
}

async function chooseId(given: string | undefined, context: Context, suggest: () => string): Promise<string> {
  const id = given ?? ((await ask(context, `Id of the evaluator [${suggest()}] `)) || suggest())
  if (isEvaluatorId(id)) return id
  throw new UsageError(`"${id}" cannot be an evaluator's id.`, `For example: "${defaultId(id)}".`)
}

/** Adds an evaluator of one function. Changes no existing config. */
async function planScorer(
  project: Project,
  root: string,
  { id, bundler, ci }: { id: string; bundler: Bundler; ci: boolean },
): Promise<Plan> {
  const layout = layOut(project, id, bundler)
  const manifest = project.hasPackageJson ? await readFile(join(root, 'package.json'), 'utf8') : undefined
  const files: Planned[] = [
    { path: layout.config, text: configSource(layout) },
    { path: layout.score, text: scoreSource(layout.score.endsWith('.ts')) },
    { path: layout.rows, text: rowsSource() },
    { path: '.env.example', text: envExample(layout) },
  ]
  const scripted = withScript(manifest, layout)
  if (scripted !== manifest) files.push({ path: 'package.json', text: scripted, isEdit: true })
  const ignored = await gitignore(root, layout.outDir ?? 'dist')
  if (ignored !== undefined) files.push({ path: '.gitignore', text: ignored, isEdit: true })
  const { script } = layout
  if (ci) files.push(workflowFile(project, root, id, `npm run ${script}`))
  const packages = [bundler, PLUGINS[bundler], '@fw/evaluator-scorer', '@fw/evaluator-cli']
  const missing = packages.filter((name) => !project.dependencies.includes(name))
  const command = script === 'evaluator' ? '' : `="npm run ${script}"`
  const todo = [
    ...(missing.length > 0 ? [installCommand(project, missing)] : []),
    `npx fw-evaluator test --from-build${command} (needs Python 3.10 or uv)`,
    `Set FIREWORKS_API_KEY, then: npm run ${script}`,
  ]
  return { files, todo }
}

/** Adds only the upload to an existing evaluator in Python. */
function planPython(project: Project, root: string, id: string, ci: boolean): Plan {
  const upload = `fw-evaluator upload . --id ${id} --wait`
  const version = project.hasPackageJson ? 'npx' : 'npx -p @fw/evaluator-cli'
  const todo = [
    ...(project.hasPackageJson ? [installCommand(project, ['@fw/evaluator-cli'])] : []),
    `${version} fw-evaluator test . (runs ${project.python} here; needs Python 3.10 or uv)`,
    `Set FIREWORKS_API_KEY, then: ${version} ${upload}`,
  ]
  if (!ci) return { files: [], todo }
  return { files: [workflowFile(project, root, id, `${version} ${upload}`)], todo }
}

function workflowFile(project: Project, root: string, id: string, command: string): Planned {
  const { gitRoot } = project
  // Each of several evaluators in a repository has its own file.
  const name = gitRoot === root ? 'evaluator' : `evaluator-${id}`
  return {
    path: posixPath(root, join(gitRoot, '.github', 'workflows', `${name}.yml`)),
    text: workflow(
      { ...project, hasPackageJson: project.hasPackageJson || project.python === undefined },
      root,
      command,
    ),
  }
}

/** The .gitignore with the output folder; `undefined` if it has it already, or if there is no such file. */
async function gitignore(root: string, folder: string): Promise<string | undefined> {
  const text = await readFile(join(root, '.gitignore'), 'utf8').catch(() => undefined)
  if (text === undefined || text.split(/\r?\n/).some((line) => line.replaceAll('/', '') === folder))
    return undefined
  return `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${folder}\n`
}

interface Result {
  python?: string
  written: readonly string[]
  kept: readonly string[]
  todo: readonly string[]
}

function describe({ python, written, kept, todo }: Result, out: Out): string {
  const found = python === undefined ? [] : [`${python} is an evaluator already: only its upload is added.`]
  return [
    ...found,
    ...written.map((path) => `${out.style('green', '✔')} ${path}`),
    ...kept.map((path) => `${out.style('yellow', '-')} ${path} ${out.style('dim', 'exists, kept as it is')}`),
    '',
    'Next:',
    ...todo.map((text) => `  ${text}`),
  ].join('\n')
}
