import { constants, realpathSync } from 'node:fs'
import { copyFile, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import { EvaluatorUploadError, type FileContent } from '@fw/evaluator-core'
import {
  checkRows,
  checkScorer,
  type ScorerFiles,
  type ScorerFilesOptions,
  scorerFiles,
} from '@fw/evaluator-scorer'
import type { Output } from './build.ts'
import type { ResolvedScore } from './score-options.ts'

type Files = Map<string, FileContent>

interface ScorerSource {
  readonly evaluatorId: string
  readonly scorer: ResolvedScore
  /** The project's root. */
  readonly root: string
  readonly outputs: readonly Output[]
  /** The output and the included files, by path in the archive. */
  readonly files: Files
}

/**
 * Makes an evaluator from a build with a scorer: adds its dataset, and the files with which eval-protocol runs it.
 * Loads the scorer once, as an evaluation does.
 *
 * @returns all files, and the evaluator's entry point
 * @throws EvaluatorUploadError FW_SOURCE if the scorer is not an entry of the build or cannot be loaded, or if the
 * dataset is missing or not JSONL
 */
export async function scorerEvaluator(source: ScorerSource): Promise<{ files: Files; entryPoint: string }> {
  const { evaluatorId, scorer, root, files } = source
  const { rows, score, ...run } = scorer
  const rowsFile = await findRows(root, rows)
  const path = pathOfScorer(source)
  const requirements = await textOf(files.get(REQUIREMENTS))
  const made = makeFiles({ ...run, evaluatorId, scorer: path, rows: rowsFile.path, requirements })
  const added: Files = new Map(Object.entries(made.files))
  // Keeps the user's package.json. Loading the scorer shows whether it is a problem.
  for (const name of added.keys())
    if (/(^|\/)package\.json$/.test(name) && files.has(name)) added.delete(name)
  added.set(rowsFile.path, { path: rowsFile.file })
  for (const [name, content] of added) {
    const there = files.get(name)
    if (there === undefined || name === REQUIREMENTS || isSameFile(there, content)) continue
    throw new EvaluatorUploadError(
      'FW_SOURCE',
      `There is a ${name} already, which is made for the scorer too.`,
      {
        hint: 'Give it another name, or keep it out of the build and of include.',
      },
    )
  }
  const all: Files = new Map([...files, ...added])
  await load(score, path, all)
  return { files: all, entryPoint: made.entryPoint }
}

/** Keeps the user's file, and adds missing packages. */
const REQUIREMENTS = 'requirements.txt'

function makeFiles(options: ScorerFilesOptions): ScorerFiles {
  try {
    return scorerFiles(options)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new EvaluatorUploadError('FW_SOURCE', `${why}.`, { cause })
  }
}

async function textOf(content: FileContent | undefined): Promise<string | undefined> {
  if (content === undefined || typeof content === 'string') return content
  return Buffer.from('path' in content ? await readFile(content.path) : content).toString('utf8')
}

function isSameFile(one: FileContent, other: FileContent): boolean {
  const pathOf = (content: FileContent) =>
    typeof content === 'object' && 'path' in content ? content.path : undefined
  return pathOf(one) !== undefined && pathOf(one) === pathOf(other)
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
  try {
    checkRows(await readFile(file))
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    // "Line 3 is no JSON object." → "Line 3 of rows.jsonl is no JSON object."
    const [, line, problem] = /^(Line \d+) (.*)/s.exec(why) ?? []
    throw new EvaluatorUploadError(
      'FW_SOURCE',
      line ? `${line} of ${rows} ${problem}` : `${rows} has no row.`,
      {
        hint: 'The option rows names JSONL: an object per line, without commas between the lines.',
        cause,
      },
    )
  }
  const inside = relative(root, file).replaceAll(sep, '/')
  return { file, path: /^(\.\.\/|[a-z]:|\/)/i.test(inside) ? basename(file) : inside }
}

/** The path of the scorer in the archive. */
function pathOfScorer({ scorer: { score }, root, outputs, files }: ScorerSource): string {
  const wanted = real(resolve(root, score))
  const entries = outputs.flatMap((output) => [...(output.entries ?? [])].map((entry) => ({ output, entry })))
  for (const { output, entry } of entries.toReversed()) {
    const [file, module] = entry
    if (real(module) !== wanted) continue
    const bytes = output.files.get(file)
    for (const [path, content] of files) {
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

/** The real path of a module: without a query, and with links resolved. */
function real(path: string): string {
  const plain = path.replace(/\?.*$/, '')
  try {
    return realpathSync(plain)
  } catch {
    return plain
  }
}

async function load(score: string, path: string, files: Files): Promise<void> {
  // Outside of the project, because the service does not have its node_modules.
  const dir = await mkdtemp(join(tmpdir(), 'fw-scorer-'))
  try {
    for (const [name, content] of files) {
      const copy = join(dir, name)
      await mkdir(dirname(copy), { recursive: true })
      if (typeof content === 'string' || !('path' in content)) await writeFile(copy, content)
      // Core reports a broken link, because it checks all links.
      else await copyFile(content.path, copy, constants.COPYFILE_FICLONE).catch(() => {})
    }
    await checkScorer(join(dir, path), { dir })
  } catch (cause) {
    const why = cause instanceof Error ? cause.message.replaceAll(dir, '') : String(cause)
    throw new EvaluatorUploadError(
      'FW_SOURCE',
      `${score} can't be loaded as it was built, in ${path}: ${why}`,
      { hint: hintFor(why), cause },
    )
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

function hintFor(why: string): string | undefined {
  if (/ERR_MODULE_NOT_FOUND|Cannot find (module|package)/.test(why))
    return 'What a scorer imports has to be inside of the bundle: the evaluator has no node_modules.'
  if (/(module|exports|require) is not defined in ES module scope/.test(why))
    return 'Rollup, and Vite before 8, leave CommonJS of your own as it is. Write it as ES modules, with import and export default.'
  if (/Dynamic require of|Calling `require` for/.test(why))
    return 'A package in CommonJS asks for a module of Node by a require that ES modules have not. Name no entry, and the scorer is built so that it has one, or build CommonJS.'
  if (/ENOENT/.test(why))
    return 'A file that a scorer reads has to be in the archive: name it in include, and read it from there.'
  return undefined
}
