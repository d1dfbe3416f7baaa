import { readFile, stat } from 'node:fs/promises'
import { basename, dirname, extname, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { FileContent, Source, UploadOptions } from '@fw/evaluator-core'
import { UsageError } from '../terminal/usage-error.ts'

/** An evaluator of a config: the options of uploadEvaluator, with absolute paths. */
export type ConfiguredEvaluator = UploadOptions

/**
 * The evaluators that `--config` names: a .ts, .js or .json file whose (default) export is a list of UploadOptions, or
 * one, with paths relative to the file; or globs of folders, each an evaluator with the folder's name as its id.
 */
export async function loadConfig(paths: readonly string[]): Promise<ConfiguredEvaluator[]> {
  const lists = await Promise.all(
    paths.map(async (path) => ((await isFile(path)) ? fromFile(resolve(path)) : fromFolders(path))),
  )
  const evaluators = lists.flat()
  const seen = new Set<string>()
  for (const { evaluatorId } of evaluators) {
    if (seen.has(evaluatorId)) throw new UsageError(`The config names evaluator ${evaluatorId} twice.`)
    seen.add(evaluatorId)
  }
  return evaluators
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (stats) => stats.isFile(),
    () => false,
  )
}

async function fromFolders(pattern: string): Promise<ConfiguredEvaluator[]> {
  const { glob } = await import('tinyglobby')
  const options = { onlyDirectories: true, expandDirectories: false, absolute: true, dot: false }
  const folders = await glob(pattern.replaceAll('\\', '/').replace(/\/$/, ''), options)
  if (folders.length === 0) {
    throw new UsageError(`--config ${pattern} is not a file, and no folder matches it.`, 'Check the path.')
  }
  return folders
    .map((folder) => folder.replace(/\/$/, ''))
    .sort()
    .map((folder) => ({ evaluatorId: basename(folder), source: { dir: folder } }))
}

async function fromFile(file: string): Promise<ConfiguredEvaluator[]> {
  const value = await readConfig(file)
  const entries = isEvaluator(value) ? [value] : value
  if (!Array.isArray(entries)) {
    throw new UsageError(
      `${file} does not export a list of evaluators.`,
      "For example: export default [{ evaluatorId: 'my-evaluator', source: 'dist' }]",
    )
  }
  const base = dirname(file)
  return entries.map((entry: unknown, index) => {
    if (!isEvaluator(entry)) {
      throw new UsageError(
        `Entry ${index + 1} of ${file} ${whatIsMissing(entry)}.`,
        "For example: { evaluatorId: 'my-evaluator', source: 'dist' }",
      )
    }
    return { ...entry, source: fromBase(base, entry.source) }
  })
}

/** Names the missing property, and the unknown one in its place, such as a typo. */
function whatIsMissing(entry: unknown): string {
  if (typeof entry !== 'object' || entry === null) return 'is not an object'
  const required = ['evaluatorId', 'source']
  const wrong = required.find((name) => !(name in entry))
  if (wrong !== undefined) {
    const others = Object.keys(entry).filter((name) => !required.includes(name))
    return `has no ${wrong}${others.length > 0 ? `; it has ${others.join(', ')}` : ''}`
  }
  return 'has an evaluatorId that is no text, or a source that is neither a path nor an object'
}

/** Core checks the rest of an entry. */
function isEvaluator(entry: unknown): entry is UploadOptions {
  return (
    typeof entry === 'object' &&
    entry !== null &&
    'evaluatorId' in entry &&
    typeof entry.evaluatorId === 'string' &&
    'source' in entry &&
    (typeof entry.source === 'string' || (typeof entry.source === 'object' && entry.source !== null))
  )
}

function fromBase(base: string, source: Source): Source {
  if (typeof source === 'string') return resolve(base, source)
  if ('dir' in source) return { ...source, dir: resolve(base, source.dir) }
  const files = Object.entries(source.files).map(([name, content]): [string, FileContent] => [
    name,
    typeof content === 'object' && 'path' in content ? { path: resolve(base, content.path) } : content,
  ])
  return { files: Object.fromEntries(files) }
}

async function readConfig(file: string): Promise<unknown> {
  try {
    if (extname(file) === '.json') return JSON.parse(await readFile(file, 'utf8'))
    // Node 22.18 and 24 read TypeScript themselves.
    if (/\.[cm]?ts$/.test(file) && !process.features.typescript) return await withJiti(file)
    const loaded: { default?: unknown } = await import(pathToFileURL(file).href)
    return loaded.default
  } catch (error) {
    if (error instanceof UsageError) throw error
    throw new UsageError(`${file} cannot be read: ${error instanceof Error ? error.message : error}`)
  }
}

async function withJiti(file: string): Promise<unknown> {
  const jiti = await import('jiti').catch(() => undefined)
  if (jiti) return jiti.createJiti(import.meta.url).import(file, { default: true })
  throw new UsageError(
    `Node ${process.versions.node} does not read TypeScript, so ${file} cannot be loaded.`,
    'Install jiti beside fw-evaluator, run Node 22.18 or later, or write it as .js or .json.',
  )
}
