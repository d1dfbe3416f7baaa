import { realpathSync } from 'node:fs'
import { copyFile, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import { EvaluatorUploadError, type SourceFiles } from '@fw/evaluator-core'
import { checkScorer, type ScorerFiles, scorerFiles } from '@fw/evaluator-scorer'
import type { Output } from './build.ts'
import type { ResolvedScore } from './score-options.ts'

type Files = Map<string, SourceFiles['files'][string]>

interface ScorerSource {
  readonly evaluatorId: string
  readonly scorer: ResolvedScore
  /** The project's root. */
  readonly root: string
  readonly outputs: readonly Output[]
  /** What the builds made, by the path in the archive. */
  readonly built: Files
}

/**
 * Makes an evaluator of a build that has a scorer: its dataset and the files that let eval-protocol run it join what was
 * built. The scorer is loaded once, as an evaluation loads it.
 *
 * @returns the files to add, and the evaluator's entry point
 * @throws EvaluatorUploadError FW_SOURCE where the scorer is no entry of the build or can't be loaded, or where the dataset
 * is not there or no JSONL; FW_CONFIG for an option of the wrong kind
 */
export async function scorerEvaluator(source: ScorerSource): Promise<{ files: Files; entryPoint: string }> {
  const { evaluatorId, scorer, root, built } = source
  const { rows, score, ...run } = scorer
  const rowsFile = await findRows(root, rows)
  const path = pathOfScorer(source)
  let made: ScorerFiles
  try {
    made = scorerFiles({ ...run, evaluatorId, scorer: path, rows: rowsFile.path })
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new EvaluatorUploadError('FW_CONFIG', `${why}.`, { cause })
  }
  await load(score, path, built, made)
  const added: Files = new Map(Object.entries(made.files))
  // A package.json that was built is the user's: loading the scorer has shown that it does no harm.
  for (const name of added.keys())
    if (/(^|\/)package\.json$/.test(name) && built.has(name)) added.delete(name)
  added.set(rowsFile.path, { path: rowsFile.file })
  for (const name of added.keys()) {
    if (!built.has(name)) continue
    throw new EvaluatorUploadError(
      'FW_SOURCE',
      `The build wrote ${name}, which is made for the scorer too.`,
      {
        hint: 'Give that output another name, or keep it out with exclude.',
      },
    )
  }
  return { files: added, entryPoint: made.entryPoint }
}

async function findRows(root: string, rows: string): Promise<{ file: string; path: string }> {
  const file = resolve(root, rows)
  const stats = await stat(file).catch(() => undefined)
  if (!stats?.isFile()) {
    throw new EvaluatorUploadError(
      'FW_SOURCE',
      `${rows}, which the option rows names, is not there: ${file}`,
      {
        hint: 'Write it: a line of JSON per row, as {"messages":[{"role":"user","content":"2 + 2?"}],"ground_truth":"4"}',
      },
    )
  }
  const lines = (await readFile(file, 'utf8')).split('\n')
  const filled = lines.flatMap((line, index) => (line.trim() === '' ? [] : [{ line, number: index + 1 }]))
  const wrong = filled.find(({ line }) => !isJsonObject(line))
  if (wrong) {
    throw new EvaluatorUploadError('FW_SOURCE', `Line ${wrong.number} of ${rows} is no JSON object.`, {
      hint: 'The option rows names JSONL: an object per line, without commas between the lines.',
    })
  }
  if (filled.length === 0) throw new EvaluatorUploadError('FW_SOURCE', `${rows} has no row.`)
  const inside = relative(root, file).replaceAll(sep, '/')
  return { file, path: /^(\.\.\/|[a-z]:|\/)/i.test(inside) ? basename(file) : inside }
}

function isJsonObject(line: string): boolean {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
  } catch {
    return false
  }
}

/** Where the scorer lies in the archive. */
function pathOfScorer({ scorer: { score }, root, outputs, built }: ScorerSource): string {
  const wanted = real(resolve(root, score))
  const entries = outputs.flatMap((output) => [...(output.entries ?? [])].map((entry) => ({ output, entry })))
  for (const { output, entry } of entries.toReversed()) {
    const [file, module] = entry
    if (real(module) !== wanted) continue
    const bytes = output.files.get(file)
    for (const [path, content] of built) {
      const isIt =
        bytes === undefined
          ? typeof content === 'object' && 'path' in content && content.path === file
          : content === bytes
      if (isIt) return path
    }
  }
  const names = [
    ...new Set(entries.map(({ entry: [, module] }) => relative(root, module).replaceAll(sep, '/'))),
  ]
  const has = names.length > 0 ? `Its entries are ${names.join(', ')}.` : 'It has no entry that is a file.'
  throw new EvaluatorUploadError(
    'FW_SOURCE',
    `${score}, which the option score names, is no entry of this build. ${has}`,
    { hint: `Add ${score} to the entries, or name none: the scorer is the only one then.` },
  )
}

/** The module that a path with a query, or through a link, means. */
function real(path: string): string {
  const plain = path.replace(/\?.*$/, '')
  try {
    return realpathSync(plain)
  } catch {
    return plain
  }
}

/** What Node may load of an output. */
const LOADED = /\.([cm]?js|json|wasm|node)$/

async function load(score: string, path: string, built: Files, { files }: ScorerFiles): Promise<void> {
  // Away from the project, whose node_modules the service does not have.
  const dir = await mkdtemp(join(tmpdir(), 'fw-scorer-'))
  try {
    for (const [name, content] of new Map([...Object.entries(files), ...built])) {
      if (!LOADED.test(name)) continue
      await mkdir(dirname(join(dir, name)), { recursive: true })
      if (typeof content === 'object' && 'path' in content) await copyFile(content.path, join(dir, name))
      else await writeFile(join(dir, name), content)
    }
    await checkScorer(join(dir, path))
  } catch (cause) {
    const why = cause instanceof Error ? cause.message.replaceAll(dir, '') : String(cause)
    const isMissing = /ERR_MODULE_NOT_FOUND|Cannot find (module|package)/.test(why)
    throw new EvaluatorUploadError(
      'FW_SOURCE',
      `${score} can't be loaded as it was built, in ${path}: ${why}`,
      {
        hint: isMissing
          ? 'What a scorer imports has to be inside of the bundle: the evaluator has no node_modules.'
          : undefined,
        cause,
      },
    )
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}
