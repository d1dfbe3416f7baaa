import { AsyncLocalStorage } from 'node:async_hooks'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { inspect } from 'node:util'
import type { FromWorker, ToWorker } from './messages.ts'
import { toEvaluationRow } from './names.ts'
import { checkedResult, invalidFrom, type ResultJson } from './result.ts'

type Scorer = (row: unknown) => unknown

/**
 * Loads the scorer and scores the rows that the parent process sends: all at the same time, each started in its own
 * turn of the event loop. Ends with the parent.
 */
export async function runWorker(scorerPath: string): Promise<void> {
  const post = process.send?.bind(process)
  if (!post) throw new Error('This is the child process of another one, which has not started it.')
  const say = (message: FromWorker) => post(message)
  process.once('disconnect', () => process.exit())

  const rowOfCode = new AsyncLocalStorage<number>()
  const running = new Set<number>()
  const answer = (id: number, result: ResultJson) => {
    if (running.delete(id)) say({ type: 'scored', id, result })
  }
  // An unhandled rejection would end the process, with all its rows.
  const onStray = (error: unknown) => {
    const id = rowOfCode.getStore()
    if (id === undefined) console.error(error)
    else answer(id, invalidFrom(error))
  }
  process.on('uncaughtException', onStray)
  process.on('unhandledRejection', onStray)

  let scorer: Scorer
  try {
    scorer = await loadScorer(scorerPath)
  } catch (error) {
    return void say({ type: 'broken', reason: withoutOwnLines(inspect(error)) })
  }
  say({ type: 'loaded' })

  const waiting: { id: number; row: unknown }[] = []
  const beginNext = () => {
    const next = waiting.shift()
    if (!next) return
    const { id, row } = next
    if (waiting.length > 0) setImmediate(beginNext)
    running.add(id)
    say({ type: 'began', id })
    const score = rowOfCode.run(id, async () => checkedResult(await scorer(toEvaluationRow(row))))
    say({ type: 'yielded', id })
    score.catch(invalidFrom).then((result) => answer(id, result))
  }
  process.on('message', (message: ToWorker) => {
    if (message.type === 'ping') return void say({ type: 'pong' })
    waiting.push(message)
    if (waiting.length === 1) setImmediate(beginNext)
  })
}

/** A stack without the lines of Node and of this file, which say nothing about the scorer. */
function withoutOwnLines(stack: string): string {
  return stack
    .split('\n')
    .filter((line) => !/^\s+at .*\(?node:internal/.test(line) && !line.includes(import.meta.url))
    .join('\n')
}

/** The default export, also of a CommonJS bundle. */
async function loadScorer(path: string): Promise<Scorer> {
  const module: { default?: unknown } = await import(pathToFileURL(resolve(path)).href)
  // With a top-level await, what webpack makes of an entry in CommonJS is a promise of its exports.
  const exported = await module.default
  for (const candidate of [exported, defaultOf(exported)]) {
    if (isClass(candidate)) {
      throw new TypeError(
        'Its default export is a class, which cannot be called. A scorer is: export default async function score(row) { … }',
      )
    }
    if (isFunction(candidate)) return candidate
  }
  throw new TypeError(
    `It has no function as its default export. A scorer is: export default async function score(row) { … }`,
  )
}

function defaultOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'default' in value ? value.default : undefined
}

function isClass(value: unknown): boolean {
  return typeof value === 'function' && /^class\b/.test(Function.prototype.toString.call(value))
}

function isFunction(value: unknown): value is Scorer {
  return typeof value === 'function'
}
