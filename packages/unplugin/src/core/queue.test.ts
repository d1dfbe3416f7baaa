import { expect, test } from 'vitest'
import { createQueue } from './queue.ts'

function work() {
  const log: string[] = []
  const gates = new Map<string, { resolve(): void; reject(error: Error): void }>()
  const task = (name: string) => async (isSuperseded: () => boolean) => {
    log.push(`begin ${name}`)
    const opened = new Promise<void>((resolve, reject) => gates.set(name, { resolve, reject }))
    await opened.finally(() => log.push(`end ${name}${isSuperseded() ? ', superseded' : ''}`))
  }
  const begun = async (name: string) => {
    while (!gates.has(name)) await Promise.resolve()
    return gates.get(name)
  }
  return { log, task, begun }
}

test('never two at once, in the order of calls', async () => {
  const { log, task, begun } = work()
  const queue = createQueue()
  const all = Promise.all([queue(task('a'), false), queue(task('b'), false), queue(task('c'), false)])
  for (const name of ['a', 'b', 'c']) (await begun(name))?.resolve()
  await all
  expect(log).toEqual(['begin a', 'end a', 'begin b', 'end b', 'begin c', 'end c'])
})

test('a failure rejects its own call, and the next one runs anyway', async () => {
  const { task, begun } = work()
  const queue = createQueue()
  const first = queue(task('a'), false)
  const second = queue(task('b'), false)
  ;(await begun('a'))?.reject(new Error('a failed'))
  await expect(first).rejects.toThrow('a failed')
  ;(await begun('b'))?.resolve()
  await second
})

test('newestOnly: the running one finishes, then only the newest of the waiting ones runs', async () => {
  const { log, task, begun } = work()
  const queue = createQueue()
  const a = queue(task('a'), true)
  const gate = await begun('a')
  const rest = [queue(task('b'), true), queue(task('c'), true), queue(task('d'), true)]
  gate?.resolve()
  ;(await begun('d'))?.resolve()
  await Promise.all([a, ...rest])
  expect(log).toEqual(['begin a', 'end a, superseded', 'begin d', 'end d'])
})

test('newestOnly: a single one is not replaced', async () => {
  const { log, task, begun } = work()
  const queue = createQueue()
  const a = queue(task('a'), true)
  ;(await begun('a'))?.resolve()
  await a
  const b = queue(task('b'), true)
  ;(await begun('b'))?.resolve()
  await b
  expect(log).toEqual(['begin a', 'end a', 'begin b', 'end b'])
})
