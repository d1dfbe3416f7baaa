import { readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { HOST_PATH } from './check-scorer.ts'
import { type ResolvedRunOptions, type RunOptions, resolveRunOptions } from './options.ts'
import { pythonFloat, pythonLiteral } from './python.ts'
import { withPackages } from './requirements.ts'

/** Options of {@link scorerFiles}. */
export interface ScorerFilesOptions extends RunOptions {
  /** The evaluator's id. It gives the test its name: `json-fields` is `test_json_fields.py::test_json_fields`. */
  evaluatorId: string
  /** Path of the built scorer in the archive, an ES module or CommonJS with the function as its default export. */
  scorer: string
  /** Path of the dataset in the archive: JSONL, one row of eval-protocol per line. */
  rows: string
  /**
   * Text of your requirements.txt, for other Python next to the scorer. If a package that the files need is missing, it
   * is added. @default only those packages
   */
  requirements?: string | undefined
}

/** The files of an evaluator, without its scorer and its dataset. */
export interface ScorerFiles {
  /** The evaluator's entry point: `test_json_fields.py::test_json_fields`. */
  entryPoint: string
  /** Path in the archive → text. */
  files: Record<string, string>
}

const HOST = 'scorer_host.mjs'
// With no type in it Node tells ES modules and CommonJS apart by their syntax. A package.json further up, whichever
// folder the archive is unpacked in, no longer counts.
const PACKAGE_JSON = '{ "private": true }\n'

/**
 * Makes the files that turn a built scorer into an evaluator: the test that eval-protocol runs, the host that runs the
 * scorer in Node, and a requirements.txt.
 *
 * @throws TypeError on an option of the wrong type.
 * @example
 * ```ts
 * const { entryPoint, files } = scorerFiles({ evaluatorId: 'json-fields', scorer: 'score.js', rows: 'rows.jsonl' })
 * await uploadEvaluator({
 *   evaluatorId: 'json-fields',
 *   source: { files: { ...files, 'score.js': { path: 'dist/score.js' }, 'rows.jsonl': { path: 'rows.jsonl' } } },
 *   evaluator: { entryPoint },
 * })
 * ```
 */
export function scorerFiles(options: ScorerFilesOptions): ScorerFiles {
  const { evaluatorId, scorer, rows, requirements } = options
  const name = `test_${(evaluatorId.split('/').at(-1) ?? '').replaceAll(/\W/g, '_')}`
  const settings: Record<string, string> = {
    __HOST__: pythonLiteral(HOST),
    __SCORER__: pythonLiteral(scorer),
    __ROWS__: pythonLiteral(rows),
    __TEST__: name,
    ...argumentsOf(resolveRunOptions(options)),
  }
  const python = readFileSync(new URL('./archive/entry.py', import.meta.url), 'utf8').replaceAll(
    /__[A-Z_]+__/g,
    (found) => settings[found] ?? found,
  )
  return {
    entryPoint: `${name}.py::${name}`,
    files: {
      [`${name}.py`]: python,
      [HOST]: readFileSync(HOST_PATH, 'utf8'),
      [posix.join(posix.dirname(scorer), 'package.json')]: PACKAGE_JSON,
      'requirements.txt': withPackages(requirements),
    },
  }
}

function argumentsOf(options: ResolvedRunOptions): Record<string, string> {
  const { completionParams, rollout, passedThreshold, timeoutMs } = options
  return {
    __COMPLETION_PARAMS__: pythonLiteral(completionParams),
    __ROLLOUT_PROCESSOR__: rolloutProcessor(rollout),
    __PASSED_THRESHOLD__: threshold(passedThreshold),
    __TIMEOUT_MS__: String(timeoutMs),
  }
}

function rolloutProcessor(rollout: ResolvedRunOptions['rollout']): string {
  if (rollout === 'single-turn') return 'SingleTurnRolloutProcessor()'
  if (rollout === 'none') return 'NoOpRolloutProcessor()'
  return `RemoteRolloutProcessor(remote_base_url=${pythonLiteral(rollout.remote)})`
}

function threshold(value: ResolvedRunOptions['passedThreshold']): string {
  if (value === undefined) return 'None'
  const { success, standardError } = value
  if (standardError === undefined) return pythonFloat(success)
  return `{"success": ${pythonFloat(success)}, "standard_error": ${pythonFloat(standardError)}}`
}
