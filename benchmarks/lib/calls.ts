import { type ChildProcess, fork } from 'node:child_process'
import { programFile } from './programs.ts'

/** Methods that another process offers. Arguments and results pass as JSON. */
export type Methods = Readonly<Record<string, (argument: never) => Promise<unknown>>>

interface Message {
  id: number
  method: string
  argument: unknown
}

type Answer = { id: number; value: unknown } | { id: number; error: string }

export interface Child<M extends Methods> {
  call<K extends keyof M & string>(
    method: K,
    argument: Parameters<M[K]>[0],
  ): Promise<Awaited<ReturnType<M[K]>>>
  stop(): Promise<void>
}

/** In a program: answers the calls of the process that started it. */
export function serveCalls<M extends Methods>(methods: M): void {
  process.on('message', async ({ id, method, argument }: Message) => {
    const answer: Answer = await Promise.resolve(argument as never)
      .then((argument) => methods[method]?.(argument))
      .then(
        (value) => ({ id, value }),
        (error: unknown) => ({
          id,
          error: error instanceof Error ? (error.stack ?? error.message) : String(error),
        }),
      )
    process.send?.(answer)
  })
}

/** Starts a program that speaks `serveCalls`. */
export function startChild<M extends Methods>(
  program: string,
  { node = process.execPath, env = {} }: { node?: string; env?: Readonly<Record<string, string>> } = {},
): Child<M> {
  const child = fork(programFile(program), { execPath: node, execArgv: [], env: { ...process.env, ...env } })
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>()
  let count = 0
  child.on('message', (answer: Answer) => {
    const call = waiting.get(answer.id)
    waiting.delete(answer.id)
    if ('error' in answer) call?.reject(new Error(`${program}: ${answer.error}`))
    else call?.resolve(answer.value)
  })
  child.once('exit', (code) => {
    for (const { reject } of waiting.values()) reject(new Error(`${program} ended with ${code}`))
  })
  return {
    call: (method, argument) =>
      new Promise((resolve, reject) => {
        const id = count++
        waiting.set(id, { resolve: resolve as (value: unknown) => void, reject })
        child.send({ id, method, argument } satisfies Message)
      }),
    stop: () => stop(child),
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = new Promise((resolve) => child.once('exit', resolve))
  child.kill()
  await exited
}
