import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { EvaluatorUploadError, printable } from '@fw/evaluator-core'
import type { Environment } from './options.ts'

/**
 * A failed upload, as an error for a bundler. Its stack is its message, because a trace through our code helps nobody.
 * Its properties are not enumerable, because Vite prints an error with `inspect`.
 */
export class PluginFailure extends Error {
  /** The code of core's error, `FW_…`; bundlers may replace it. */
  declare code: string
  /** The first line of the message: code and reason. */
  declare readonly text: string
  /** The other lines: what to do next. */
  declare readonly hints: readonly string[]

  constructor(code: string, text: string, hints: readonly string[]) {
    super(printable([text, ...hints.map((hint) => `  ${hint}`)].join('\n')))
    // Bundlers add the last three. If they exist already, hidden, they stay hidden.
    const hidden = {
      stack: this.message,
      code,
      text: printable(text),
      hints: hints.map(printable),
      plugin: undefined,
      pluginCode: undefined,
      hook: undefined,
    }
    for (const [key, value] of Object.entries({ name: 'EvaluatorUploadError', ...hidden })) {
      Object.defineProperty(this, key, { value, enumerable: false, configurable: true, writable: true })
    }
  }
}

/** Turns any error into a {@link PluginFailure} that names the evaluator. */
export function toFailure(
  error: unknown,
  evaluatorId: string,
  env: Environment,
  root: string = process.cwd(),
): PluginFailure {
  if (!(error instanceof EvaluatorUploadError)) {
    const reason = error instanceof Error ? error.message : String(error)
    return new PluginFailure('FW_PLUGIN', `${evaluatorId}: ${reason}`, [])
  }
  const hints = lacksKey(error) ? keyHints(env, root) : error.hint ? [error.hint] : []
  if (error.requestId) hints.push(`Request id: ${error.requestId}`)
  return new PluginFailure(
    error.code,
    `${evaluatorId} was not uploaded (${error.code}): ${error.message}`,
    hints,
  )
}

/** If the service refused the key, the error has a status. */
function lacksKey(error: EvaluatorUploadError): boolean {
  return error.code === 'FW_AUTH' && error.status === undefined
}

/** Files from which many tools load variables, but our plugins do not. */
const ENV_FILES = ['.env', '.env.local', '.env.production', '.env.production.local']

/** Whether a file has the key. Does not keep its value. */
function namesKey(path: string): boolean {
  try {
    return /^\s*(export\s+)?FIREWORKS_API_KEY\s*=\s*["']?[^\s"'#]/m.test(readFileSync(path, 'utf8'))
  } catch {
    return false
  }
}

/** The hints for a missing key, by environment. */
function keyHints(env: Environment, root: string): string[] {
  if (env.TURBO_HASH) {
    return [
      'Turborepo hides variables from tasks: add FIREWORKS_API_KEY to "passThroughEnv" of this task in turbo.json.',
    ]
  }
  if (env.CI) return ['Give FIREWORKS_API_KEY to this job from the secrets of your CI.']
  const file = ENV_FILES.find((name) => namesKey(join(root, name)))
  if (file) {
    return [
      `FIREWORKS_API_KEY is in ${file}, which the plugin does not read. Let Node load it into the environment: node --env-file=${file} node_modules/vite/bin/vite.js build, or your script in place of Vite.`,
    ]
  }
  return [
    'Create a key at https://app.fireworks.ai/settings/users/api-keys and set FIREWORKS_API_KEY, or turn the upload off with FW_EVALUATOR_UPLOAD=0.',
  ]
}
