import type { Tool } from './tool.ts'

/** What is tried with a tool: each is a build, or an upload by hand. */
export interface Try {
  readonly what: string
  readonly command?: readonly string[]
  readonly env?: Record<string, string>
  /** A folder into which the evaluator's Python is copied before. */
  readonly copiesTo?: string
  readonly uploads: number
  /** `undefined`: any code but 0. */
  readonly exit: number | undefined
  readonly prints?: RegExp | undefined
  readonly entries?: Tool['entries']
  /** No file of the archive may have such a name. */
  readonly lacks?: RegExp
  /** Ends the evaluator's id, where several use one. Default: the number of the try. */
  readonly suffix?: string
}

/** An evaluator that uses what a framework built. */
export const PYTHON = {
  'evaluator.py':
    'from eval_protocol.pytest import evaluation_test\n\n\n@evaluation_test()\ndef test_app(row):\n    return row\n',
  'requirements.txt': 'eval-protocol\n',
}

const WRONG_KEY = { FIREWORKS_API_KEY: 'fw_wrong_key_0123456789' }

export function triesOf(tool: Tool): Try[] {
  const { delivers, entries, exit = 0, isNotShipping, prints, uploads = 1 } = tool
  if (isNotShipping) {
    return [
      { what: 'build', uploads: 0, exit: 0, prints },
      { what: 'wrong key', env: WRONG_KEY, uploads: 0, exit: 0 },
    ]
  }
  if (!delivers) {
    return [
      { what: 'build', uploads, exit, prints, entries },
      { what: 'wrong key', env: WRONG_KEY, uploads: 0, exit: undefined, prints: prints ?? /FW_AUTH/ },
    ]
  }
  const INSIST = { INSIST: '1' }
  const own = { suffix: 'own', command: ['vite', 'build', '--config', 'evaluator.vite.mjs'] }
  // The recipe of docs/frameworks.md.
  const upload = [
    'fw-evaluator',
    'upload',
    delivers,
    ...(tool.excludes ? ['--exclude', tool.excludes] : []),
    '--id',
  ]
  const printed = new RegExp(`works on after the bundler.*npx ${upload.join(' ').replaceAll('.', '\\.')} `)
  const recipe = { command: [...upload, 'ID'], copiesTo: delivers }
  const insisted: Try[] = [
    { what: 'build, insisted', env: INSIST, uploads, exit: 0, entries },
    {
      what: 'wrong key, insisted',
      env: { ...INSIST, ...WRONG_KEY },
      uploads: 0,
      exit: undefined,
      prints: /FW_AUTH/,
    },
  ]
  return [
    // An evaluator of its own beside the app: what `init` writes builds nothing else.
    { ...own, what: 'init', command: ['fw-evaluator', 'init', '--id', 'ID', '--yes'], uploads: 0, exit: 0 },
    { ...own, what: 'wrong key, evaluator of its own', env: WRONG_KEY, uploads: 0, exit: undefined },
    {
      ...own,
      what: 'evaluator of its own',
      uploads: 1,
      exit: 0,
      entries: ['score.js', /\.py$/],
      lacks: /public/,
    },
    // The message names the command that is tried next.
    { what: 'build', uploads: 0, exit: 0, prints: printed },
    {
      ...recipe,
      ...{ what: `upload ${delivers}`, uploads: 1, exit: 0 },
      entries: [...Object.keys(PYTHON), ...(tool.delivered ?? [])],
    },
    { ...recipe, what: `wrong key, upload ${delivers}`, env: WRONG_KEY, uploads: 0, exit: undefined },
    ...(tool.neverInsists ? [] : insisted),
  ]
}
