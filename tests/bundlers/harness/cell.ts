import type { Running } from './running.ts'

/** One cell of the matrix: a project, what is run in it, and what must come of it. */
export interface Cell {
  /** Unique among the cells of its bundler. */
  name: string
  /** Path in the project → text. */
  files: Record<string, string>
  /** Commands that run one after the other: a program of the project (`vite build`) or `node` with its arguments. */
  run: string[][]
  /** In addition to what a client needs to reach the emulator; `undefined` takes a variable away. */
  env?: Record<string, string | undefined>
  /** How many archives must have been stored. */
  uploads: number
  /** Other evaluators of this cell, by the ending of their ids, with the number of their uploads. */
  others?: Record<string, number>
  /** What the last archive must hold, in order; a pattern stands for a name with a hash. */
  entries?: readonly (string | RegExp)[]
  /** Exit code of the last command. Default 0. */
  exit?: number
  /** What the last command must print. */
  prints?: readonly RegExp[]
  /** What it must not print. */
  printsNot?: readonly RegExp[]
  /** For watchers and servers: what happens while the last command runs. It is ended afterwards, with SIGTERM. */
  drive?: (running: Running) => Promise<void>
}
