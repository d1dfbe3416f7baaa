import { expect, test, vi } from 'vitest'
import { createBuilds, type Ended, type Opening, type Output } from './build.ts'
import { createHost } from './host.ts'
import { resolveOptions } from './options.ts'

const output = (name: string, more: Partial<Output> = {}): Output => ({
  dir: '/dist',
  files: new Map([[`/dist/${name}`, undefined]]),
  ...more,
})

function start(settle: (ended: Ended) => Promise<void> = async () => {}) {
  const settled = vi.fn(settle)
  const builds = createBuilds(
    async () => settled,
    () => {},
  )
  const options = resolveOptions({ evaluatorId: 'a' }, {})
  if (!options) throw new Error('switched off')
  const warnings: string[] = []
  const host = { ...createHost(), warn: (text: string) => void warnings.push(text) }
  const open = (id: string, more: Partial<Opening> = {}) =>
    builds.open({ id, isUnique: true, name: id, options, host, ...more })
  const filesOf = (call: number) =>
    settled.mock.calls[call]?.[0].parts.map((part) => part.outputs.flatMap(({ files }) => [...files.keys()]))
  return { builds, open, settled, filesOf, warnings }
}

test('a part that starts, writes and ends is uploaded once, with its output', async () => {
  const { open, settled, filesOf } = start()
  const part = open('client')
  part.begin()
  part.wrote(output('a.js'))
  await part.end()
  await part.end()
  expect(settled).toHaveBeenCalledOnce()
  expect(filesOf(0)).toEqual([['/dist/a.js']])
})

test('outputs of several formats add up, although a build starts again for each', async () => {
  const { open, filesOf } = start()
  const part = open('client')
  part.begin()
  part.wrote(output('a.js'))
  part.begin()
  part.wrote(output('a.cjs'))
  await part.end()
  expect(filesOf(0)).toEqual([['/dist/a.js', '/dist/a.cjs']])
})

test('if a second output starts and is not written, the first is not uploaded', async () => {
  const { open, settled } = start()
  const part = open('client')
  part.begin()
  part.wrote(output('a.js'))
  part.begin()
  await part.end()
  expect(settled).not.toHaveBeenCalled()
})

test('a failed end followed by an end without an error, as in Vite 8, is a failure', async () => {
  const { open, settled } = start()
  const part = open('client')
  part.begin()
  part.wrote(output('a.js'))
  await part.end(false)
  await part.end()
  expect(settled).not.toHaveBeenCalled()
})

test('a part that never started is not uploaded', async () => {
  const { open, settled } = start()
  await open('client').end()
  expect(settled).not.toHaveBeenCalled()
})

test('builds that nest or overlap are uploaded together, when the last one has ended', async () => {
  const { open, settled, filesOf } = start()
  const [client, ssr] = [open('client'), open('ssr')]
  client.begin()
  ssr.begin()
  client.wrote(output('client.js'))
  await client.end()
  expect(settled).not.toHaveBeenCalled()
  ssr.wrote(output('ssr.js'))
  await ssr.end()
  expect(filesOf(0)).toEqual([['/dist/client.js'], ['/dist/ssr.js']])
})

test('an announced part is waited for, an opened one is not', async () => {
  const { open, settled } = start()
  open('never-begun')
  const announced = open('b', { isAnnounced: true })
  const part = open('a')
  part.wrote(output('a.js'))
  await part.end()
  expect(settled).not.toHaveBeenCalled()
  announced.wrote(output('b.js'))
  await announced.end()
  expect(settled).toHaveBeenCalledOnce()
})

test('a build that starts while the upload is loaded belongs to the same upload', async () => {
  const { open, settled, filesOf } = start()
  const first = open('a')
  first.wrote(output('a.js'))
  const ended = first.end()
  const second = open('b')
  second.begin()
  await ended
  expect(settled).not.toHaveBeenCalled()
  second.wrote(output('b.js'))
  await second.end()
  expect(filesOf(0)).toEqual([['/dist/a.js'], ['/dist/b.js']])
})

test('a failure in the last build stops the upload, and an earlier failure makes the last build fail', async () => {
  const bad = start()
  const parts = [bad.open('client'), bad.open('ssr')]
  for (const part of parts) part.begin()
  parts[0]?.wrote(output('client.js'))
  await parts[0]?.end()
  await parts[1]?.end()
  expect(bad.settled).not.toHaveBeenCalled()

  const inner = start()
  const outer = inner.open('outer')
  outer.begin()
  const optional = inner.open('optional')
  optional.begin()
  await optional.end(false)
  outer.wrote(output('outer.js'))
  await outer.end()
  expect(inner.settled.mock.calls[0]?.[0].failed).toEqual(['optional'])
})

test('a failed part no longer counts after a successful build of the same', async () => {
  const { open, settled } = start()
  await open('a').end(false)
  const again = open('a')
  again.wrote(output('a.js'))
  await again.end()
  expect(settled.mock.calls[0]?.[0].failed).toEqual([])
})

test('a later part is added; a rebuild replaces its earlier self', async () => {
  const { open, settled, filesOf } = start()
  const build = async (id: string, name: string) => {
    const part = open(id)
    part.wrote(output(name))
    await part.end()
  }
  await build('alpha', 'alpha.js')
  await build('beta', 'beta.js')
  await build('alpha', 'alpha2.js')
  expect(filesOf(1)).toEqual([['/dist/alpha.js'], ['/dist/beta.js']])
  expect(filesOf(2)).toEqual([['/dist/beta.js'], ['/dist/alpha2.js']])
  const [, second] = settled.mock.calls.map(([ended]) => ended)
  expect(second?.parts.map(({ name, isNew }) => [name, isNew])).toEqual([
    ['alpha', false],
    ['beta', true],
  ])
})

test('a build without a name is a rebuild if it writes the same folder and format', async () => {
  const { open, filesOf } = start()
  const build = async (dir: string, format: string) => {
    const part = open('input.js', { isUnique: false })
    part.wrote({ dir, format, files: new Map([[`${dir}/${format}.js`, undefined]]) })
    await part.end()
  }
  await build('/dist', 'es')
  await build('/dist', 'cjs')
  await build('/dist', 'es')
  expect(filesOf(2)).toEqual([['/dist/cjs.js'], ['/dist/es.js']])
})

test('if a later build fails, a warning says what stays at the service', async () => {
  const { open, settled, warnings } = start()
  const alpha = open('alpha')
  alpha.wrote(output('alpha.js'))
  await alpha.end()
  await open('beta').end(false)
  expect(settled).toHaveBeenCalledOnce()
  expect(warnings).toEqual([
    expect.stringMatching(/not uploaded, as the build of beta failed.*still: alpha\.$/),
  ])
})

test('a new round of a watcher forgets the output of the last one', async () => {
  const { open, settled, filesOf } = start()
  const part = open('client')
  part.begin()
  part.wrote(output('old.js'))
  await part.end()
  part.begin()
  part.wrote(output('new.js'))
  expect(filesOf(0)).toEqual([['/dist/old.js']])
  await part.end()
  expect(settled).toHaveBeenCalledTimes(2)
  expect(filesOf(1)).toEqual([['/dist/new.js']])
})

test('files of other plugins are collected when all builds have ended, not when their part has', async () => {
  const { open, filesOf } = start()
  let written: string[] = []
  const late = async () => [{ dir: '/dist', files: new Map(written.map((path) => [path, undefined])) }]
  const [client, ssr] = [open('client', { late }), open('ssr')]
  client.begin()
  ssr.begin()
  client.wrote(output('client.js'))
  await client.end()
  written = ['/dist/client.js', '/dist/manifest.json']
  ssr.wrote(output('ssr.js'))
  await ssr.end()
  expect(filesOf(0)?.[0]).toEqual(['/dist/client.js', '/dist/manifest.json'])
})

test('a part that holds the others has no output', async () => {
  const { open, settled } = start()
  const held = open('app', { isHold: true })
  held.begin()
  const client = open('client')
  client.wrote(output('client.js'))
  await client.end()
  expect(settled).not.toHaveBeenCalled()
  await held.end(true)
  expect(settled.mock.calls[0]?.[0].parts.map(({ name }) => name)).toEqual(['client'])
})

test('the end waits for the upload, and throws its error', async () => {
  const { open } = start(async () => {
    throw new Error('not uploaded')
  })
  const part = open('client')
  part.wrote(output('a.js'))
  await expect(part.end()).rejects.toThrow('not uploaded')
})

test('300 rebuilds leave no more in memory than one', async () => {
  const { open, builds, filesOf } = start()
  for (let round = 0; round < 300; round++) {
    const part = open('client')
    part.wrote(output(`${round}.js`))
    await part.end()
  }
  expect(filesOf(299)).toEqual([['/dist/299.js']])
  expect(builds.isBusy()).toBe(false)
})

test('unfinished work at the end of the process', async () => {
  const { open, builds } = start()
  const reason = (isNatural: boolean) => builds.unfinished(isNatural)?.reason
  const part = open('client')
  part.begin()
  expect([reason(true), reason(false)]).toEqual([undefined, undefined])
  part.writes()
  // Another plugin has thrown and the caller has caught it, or the caller has ended the process.
  expect([reason(true), reason(false)]).toEqual([undefined, expect.stringContaining('(client)')])
  part.wrote(output('a.js'))
  expect(reason(true)).toMatch(/never closed \(client\)/)
  part.closes()
  expect([reason(true), reason(false)]).toEqual([undefined, expect.stringContaining('(client)')])
  expect(builds.isBusy()).toBe(true)
  await part.end()
  expect([reason(true), reason(false), builds.isBusy()]).toEqual([undefined, undefined, false])
})

test('an app in which a build failed is not waited for: what follows is told of it', async () => {
  const { open, settled } = start()
  const app = open('app', { isHold: true })
  app.begin()
  const bad = open('bad')
  bad.begin()
  await bad.end(false)
  app.closes()
  const next = open('next')
  next.begin()
  next.wrote(output('a.js'))
  await next.end()
  expect(settled.mock.lastCall?.[0].failed).toEqual(['bad'])
})

test('one that was announced and never ran is told at the end', async () => {
  const { builds, open, settled } = start()
  open('other', { isAnnounced: true })
  const part = open('one')
  part.begin()
  part.wrote(output('a.js'))
  await part.end()
  expect(settled).not.toHaveBeenCalled()
  expect(builds.unfinished(true)?.reason).toBe('its build was never run (other)')
})
