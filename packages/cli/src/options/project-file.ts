import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import type { Source } from '@fw/evaluator-core'
import type { Out } from '../terminal/out.ts'
import { UsageError } from '../terminal/usage-error.ts'

/** The config that names a project's evaluators, as `--config` takes it. */
const PROJECT_FILE = /^fw-evaluators\.(json|[cm]?[jt]s)$/
/** Configs of bundlers, where the plugin is told its evaluator. */
const BUNDLER_CONFIG =
  /^(vite|rollup|rolldown|webpack|rspack|rsbuild|farm|esbuild|build)(\.config)?\.[cm]?[jt]s$/
/** An id that is written down, and not put together. */
const WRITTEN_ID = /\bevaluatorId\s*:\s*(['"`])((?:accounts\/[\w-]+\/evaluators\/)?[a-z][a-z0-9-]*)\1/g

/** The evaluator that a command is about. */
export interface NamedEvaluator {
  /** Its id, or its full name. */
  readonly name: string
  /** What is packed for it, where the project's config says so. */
  readonly source?: Source
}

interface Found extends NamedEvaluator {
  /** The file that says so. */
  readonly file: string
}

/** The project's config of evaluators: here, or in a folder above within the repository. */
export function findProjectFile(from: string = process.cwd()): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const name = namesIn(folder).find((name) => PROJECT_FILE.test(name))
    if (name !== undefined) return join(folder, name)
    if (folder === dirname(folder) || existsSync(join(folder, '.git'))) return undefined
  }
}

/**
 * The evaluator that a command is about: `given`, else the only one that the project names, in `fw-evaluators.*` or
 * as `evaluatorId: '…'` in the config of a bundler. Prints on stderr which one it uses.
 * @throws UsageError if there is none, or more than one
 */
export async function findEvaluator(
  given: string | undefined,
  { err }: { readonly err: Out },
): Promise<NamedEvaluator> {
  if (given !== undefined) return { name: given }
  const found = await namedEvaluators()
  const [only] = found
  const names = [...new Set(found.map(({ name }) => name))]
  if (only === undefined) {
    throw new UsageError(
      'The id of the evaluator is missing.',
      'Pass the id, or add it to the project, in fw-evaluators.json: [{ "evaluatorId": "my-evaluator", "source": "dist" }]',
    )
  }
  if (names.length > 1) {
    throw new UsageError(
      `This project has ${names.length} evaluators.`,
      `Pass one of their ids: ${names.join(', ')}`,
    )
  }
  err.line(err.style('dim', `evaluator ${only.name} (from ${relative('.', only.file)})`))
  return only
}

async function namedEvaluators(): Promise<Found[]> {
  const file = findProjectFile()
  if (file === undefined) return inBundlerConfigs()
  const { loadConfig } = await import('./load-config.ts')
  const evaluators = await loadConfig([file])
  return evaluators.map(({ evaluatorId, accountId, source }) => {
    const isFull = accountId === undefined || evaluatorId.includes('/')
    const name = isFull ? evaluatorId : `accounts/${accountId}/evaluators/${evaluatorId}`
    return { name, source, file }
  })
}

function inBundlerConfigs(): Found[] {
  return namesIn('.')
    .filter((name) => BUNDLER_CONFIG.test(name))
    .flatMap((file) => {
      // Without lines that are commented out.
      const text = readFileSync(file, 'utf8').replace(/^\s*(\/\/|\*).*$/gm, '')
      return Array.from(text.matchAll(WRITTEN_ID), ([, , name = '']) => ({ name, file }))
    })
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort()
  } catch {
    return []
  }
}
