import { expect, test, vi } from 'vitest'
import { type CleanPart, createBuildState, type Output } from './build.ts'

const output = (name: string): Output => ({ dir: '/dist', files: new Map([[`/dist/${name}`, undefined]]) })

function start(settle: (parts: readonly CleanPart[]) => Promise<void> = async () => {}) {
  const settled = vi.fn(settle)
  const state = createBuildState(settled)
  const filesOf = (call: number) =>
    settled.mock.calls[call]?.[0].map((part) => part.outputs.flatMap((written) => [...written.files.keys()]))
  return { state, settled, filesOf }
}

test('a part that begins, writes and ends settles once, with what it wrote', async () => {
  const { state, settled, filesOf } = start()
  const part = state.open('client')
  part.begin()
  part.wrote(output('a.js'))
  await part.end()
  await part.end()
  expect(settled).toHaveBeenCalledOnce()
  expect(filesOf(0)).toEqual([['/dist/a.js']])
})

test('outputs of several formats add up, though a build begins anew for each', async () => {
  const { state, filesOf } = start()
  const part = state.open('client')
  part.begin()
  part.wrote(output('a.js'))
  part.begin()
  part.wrote(output('a.cjs'))
  await part.end()
  expect(filesOf(0)).toEqual([['/dist/a.js', '/dist/a.cjs']])
})

test('a second output that was begun and not written keeps the first from going up', async () => {
  const { state, settled } = start()
  const part = state.open('client')
  part.begin()
  part.wrote(output('a.js'))
  part.begin()
  await part.end()
  expect(settled).not.toHaveBeenCalled()
})

test('what ended badly does not become good by ending again without an error, as Vite 8 does it', async () => {
  const { state, settled } = start()
  const part = state.open('client')
  part.begin()
  part.wrote(output('a.js'))
  await part.end(false)
  await part.end()
  expect(settled).not.toHaveBeenCalled()
})

test('nothing that never began goes up', async () => {
  const { state, settled } = start()
  await state.open('client').end()
  expect(settled).not.toHaveBeenCalled()
})

test('settles when the last of several open parts has ended', async () => {
  const { state, settled, filesOf } = start()
  const [client, ssr] = [state.open('client'), state.open('ssr')]
  client.wrote(output('client.js'))
  await client.end()
  expect(settled).not.toHaveBeenCalled()
  ssr.wrote(output('ssr.js'))
  await ssr.end()
  expect(filesOf(0)).toEqual([['/dist/client.js'], ['/dist/ssr.js']])
})

test('one bad part keeps all from going up, whichever ends first', async () => {
  for (const order of [
    [0, 1],
    [1, 0],
  ]) {
    const { state, settled } = start()
    const parts = [state.open('client'), state.open('ssr')]
    parts[0]?.wrote(output('client.js'))
    for (const index of order) await parts[index]?.end()
    expect(settled).not.toHaveBeenCalled()
  }
})

test('an empty part that ends well only holds the others', async () => {
  const { state, settled } = start()
  const held = state.open('')
  const client = state.open('client')
  client.wrote(output('client.js'))
  await client.end()
  expect(settled).not.toHaveBeenCalled()
  await held.end(true)
  expect(settled).toHaveBeenCalledOnce()
})

test('a watcher that begins anew after the end forgets what the last round wrote', async () => {
  const { state, settled, filesOf } = start()
  const part = state.open('client')
  part.begin()
  part.wrote(output('old.js'))
  await part.end()
  part.begin()
  part.wrote(output('new.js'))
  await part.end()
  expect(settled).toHaveBeenCalledTimes(2)
  expect(filesOf(1)).toEqual([['/dist/new.js']])
})

test('what was settled stays as it was while the next round begins and writes', async () => {
  const { state, filesOf } = start()
  const part = state.open('client')
  part.wrote(output('old.js'))
  await part.end()
  part.begin()
  part.wrote(output('new.js'))
  expect(filesOf(0)).toEqual([['/dist/old.js']])
})

test('a part takes the place of one with its label, whose end then tells nothing', async () => {
  const { state, settled, filesOf } = start()
  const old = state.open('client')
  old.wrote(output('old.js'))
  const next = state.open('client')
  await old.end()
  expect(settled).not.toHaveBeenCalled()
  next.wrote(output('new.js'))
  await next.end()
  expect(filesOf(0)).toEqual([['/dist/new.js']])
})

test('in a later round the parts that were not built again go up as they are', async () => {
  const { state, filesOf } = start()
  const [client, ssr] = [state.open('client'), state.open('ssr')]
  client.wrote(output('client.js'))
  ssr.wrote(output('ssr.js'))
  await client.end()
  await ssr.end()
  client.begin()
  client.wrote(output('client2.js'))
  await client.end()
  expect(filesOf(1)).toEqual([['/dist/client2.js'], ['/dist/ssr.js']])
})

test('the end waits for settle, and throws what it throws', async () => {
  const { state } = start(async () => {
    throw new Error('not uploaded')
  })
  const part = state.open('client')
  part.wrote(output('a.js'))
  await expect(part.end()).rejects.toThrow('not uploaded')
})
