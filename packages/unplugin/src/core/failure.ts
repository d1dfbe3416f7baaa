import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { EvaluatorUploadError, printable } from '@fw/evaluator-core'
import type { Environment } from './options.ts'

/**
 * What a bundler is told of a failed upload. Its stack is its message, since a trace through our code helps no
 * one; and it lists no properties, because Vite prints what `inspect` makes of an error.
 */
export class PluginFailure extends Error {
  /** The code of core's error, `FW_…`; bundlers may put their own in its place. */
  declare code: string
  /** The first line of the message: code and reason. */
  declare readonly text: string
  /** The other lines: what to do next. */
  declare readonly hints: readonly string[]

  constructor(code: string, text: string, hints: readonly string[]) {
    super(printable([text, ...hints.map((hint) => `  ${hint}`)].join('\n')))
    // The last three are what bundlers add; where they are already, hidden, they stay hidden.
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

/** `error`, whatever it is, as a {@link PluginFailure} that names the evaluator. */
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

/** A key that the service refused comes with its status. */
function lacksKey(error: EvaluatorUploadError): boolean {
  return error.code === 'FW_AUTH' && error.status === undefined
}

/** Files in which tools look for variables, and no plugin of ours. */
const ENV_FILES = ['.env', '.env.local', '.env.production', '.env.production.local']

/** Whether a file gives the key; its value is nobody's here. */
function namesKey(path: string): boolean {
  try {
    return /^\s*(export\s+)?FIREWORKS_API_KEY\s*=\s*["']?[^\s"'#]/m.test(readFileSync(path, 'utf8'))
  } catch {
    return false
  }
}

/** What a person without a key can do, by where they are. */
function keyHints(env: Environment, root: string): string[] {
  if (env.TURBO_HASH) {
    return [
      'Turborepo keeps variables from tasks: add FIREWORKS_API_KEY to "passThroughEnv" of this task in turbo.json.',
    ]
  }
  if (env.CI) return ['Give FIREWORKS_API_KEY to this job from the secrets of your CI.']
  const file = ENV_FILES.find((name) => namesKey(join(root, name)))
  if (file) {
    return [
      `FIREWORKS_API_KEY stands in ${file}, which is not read: what is in the environment counts. Node reads such a file: node --env-file=${file} node_modules/vite/bin/vite.js build, or your script in place of Vite.`,
    ]
  }
  return [
    'Make a key at https://app.fireworks.ai/settings/users/api-keys and set FIREWORKS_API_KEY, or switch the upload off with FW_EVALUATOR_UPLOAD=0.',
  ]
}
