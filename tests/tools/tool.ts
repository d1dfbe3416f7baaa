/** A tool through which people run a bundler, a small project for it, and what must come of building that. */
export interface Tool {
  /** As the table shows it; the key of its versions in `versions.json`. */
  readonly name: string
  /** Path in the project → text. `OURS` in it becomes the plugin's options. */
  readonly files: Readonly<Record<string, string>>
  /** A program in `node_modules/.bin` and its arguments. */
  readonly build: readonly string[]
  /** Files that must be in the archive; a pattern stands for a name with a hash. */
  readonly entries?: readonly (string | RegExp)[]
  /** How many; for one that works on, when it is insisted. Default 1. */
  readonly uploads?: number
  /** Exit code of a build whose upload goes well. Default 0. */
  readonly exit?: number
  /** What such a build must print. */
  readonly prints?: RegExp
  /**
   * What the tool delivers, where it works on after the bundler: nothing goes up then, unless `enabled: true` insists, and
   * the command uploads this folder.
   */
  readonly delivers?: string
  /** Files that must be in the archive of that. */
  readonly delivered?: readonly (string | RegExp)[]
  /** A folder in there that is not delivered: a cache. */
  readonly excludes?: string
  /** It moves what it wrote while the upload reads it, so `enabled: true` is not for it. */
  readonly neverInsists?: boolean
  /** The build runs the config for something else than shipping: nothing goes up, with a wrong key neither. */
  readonly isNotShipping?: boolean
  /** Why it cannot be tried: it is shown so, and counts neither as passed nor as failed. */
  readonly skipped?: string
}

/** A folder's `package.json`. */
export const MODULE = '{ "name": "project", "private": true, "type": "module", "version": "1.0.0" }\n'

/** An evaluator in TypeScript. */
export const SCORE: Readonly<Record<string, string>> = {
  'package.json': MODULE,
  'src/score.ts':
    'export interface Row { answer: string }\nexport const score = (row: Row): number => row.answer.length\n',
  'tsconfig.json':
    '{ "compilerOptions": { "target": "es2022", "module": "esnext", "moduleResolution": "bundler", "strict": true, "skipLibCheck": true, "types": [] }, "include": ["src"] }\n',
}

/** A config that imports the plugin of `face`. */
export function config(face: string, text: string): string {
  return `import { fwEvaluator } from '${face}'\n${text}\n`
}

export const VITE = '@fw/vite-plugin'
export const ROLLUP = '@fw/evaluator-unplugin/rollup'
export const ROLLDOWN = '@fw/evaluator-unplugin/rolldown'
export const RSBUILD = '@fw/evaluator-unplugin/rsbuild'
export const WEBPACK = '@fw/evaluator-unplugin/webpack'
export const ESBUILD = '@fw/esbuild-plugin'
