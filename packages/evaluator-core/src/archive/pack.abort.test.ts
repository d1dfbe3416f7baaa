import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, readdirSync, readlinkSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { pathToFileURL } from 'node:url'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { temporaryFolder, temporaryTree } from '../../test/test-tree.ts'
import type { PackOptions } from '../options.ts'
import { packSource } from './pack.ts'
import { MEMORY_LIMIT_BYTES } from './spool.ts'

const MIB = 1024 * 1024
const BIG = randomBytes(MEMORY_LIMIT_BYTES + 6 * MIB)

/** Everything temporary goes to a folder of the test's own, which is empty again at the end. */
function watchTemporaryFiles(): { left: () => string[] } {
  const folder = temporaryFolder()
  vi.stubEnv('TMPDIR', folder)
  vi.stubEnv('TEMP', folder)
  return { left: () => readdirSync(folder).filter((name) => name.startsWith('fw-evaluator-')) }
}

/** The open files below `folder`; none where the system does not tell. */
function openFiles(folder: string): string[] {
  if (process.platform !== 'linux') return []
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      const target = readlinkSync(`/proc/self/fd/${fd}`)
      return target.startsWith(folder) ? [target] : []
    } catch {
      return []
    }
  })
}

test('a small archive stays in memory', async () => {
  const { left } = watchTemporaryFiles()
  const archive = await packSource({ evaluatorId: 'e', source: { files: { a: new Uint8Array(30 * MIB) } } })
  expect(archive.body).toHaveProperty('bytes')
  expect(left()).toEqual([])
})

test('a large archive is a private file until it is disposed of', async () => {
  const { left } = watchTemporaryFiles()
  const archive = await packSource({ evaluatorId: 'e', source: { files: { a: BIG } } })
  const path = 'path' in archive.body ? archive.body.path : ''
  expect(statSync(path).size).toBe(archive.size)
  if (process.platform !== 'win32') {
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(statSync(dirname(path)).mode & 0o777).toBe(0o700)
  }
  await archive.dispose()
  await archive.dispose()
  expect(left()).toEqual([])
})

test('a failure leaves no file and nothing open', async () => {
  const { left } = watchTemporaryFiles()
  const apiKey = 'fw_0123456789abcdef'
  const dir = temporaryTree({ 'a.bin': BIG, 'b.txt': apiKey })
  await expect(packSource({ evaluatorId: 'e', source: dir, apiKey })).rejects.toMatchObject({
    code: 'FW_SECRET',
  })
  expect(left()).toEqual([])
  expect(openFiles(tmpdir())).toEqual([])
})

describe('an abort', () => {
  const reason = new Error('enough')

  test('before the start', async () => {
    const signal = AbortSignal.abort(reason)
    const packing = packSource({ evaluatorId: 'e', source: { files: { a: '' } }, signal })
    await expect(packing).rejects.toMatchObject({ code: 'FW_ABORTED', cause: { message: 'enough' } })
  })

  test.each([1, 2, 8, 19, 21])('at progress event %i ends at once and leaves nothing', async (at) => {
    const { left } = watchTemporaryFiles()
    const dir = temporaryTree({ 'a.bin': BIG, 'b.txt': 'b' })
    const controller = new AbortController()
    let events = 0
    let isSettled = false
    let wasSettledAtOnce: boolean | undefined
    const onProgress: PackOptions['onProgress'] = ({ type }) => {
      if (type !== 'bytes' || ++events !== at) return
      // Not from within: the abort comes while the blocks are being deflated.
      setImmediate(() => {
        controller.abort(reason)
        setImmediate(() => {
          wasSettledAtOnce = isSettled
        })
      })
    }
    const packing = packSource({ evaluatorId: 'e', source: dir, signal: controller.signal, onProgress })
    let leftBehind: string[] = ['not asked']
    const settled = packing.finally(() => {
      isSettled = true
      leftBehind = [...left(), ...openFiles(tmpdir())]
    })
    await expect(settled).rejects.toMatchObject({ code: 'FW_ABORTED', cause: { message: 'enough' } })
    await vi.waitFor(() => expect(wasSettledAtOnce).toBe(true))
    expect(leftBehind).toEqual([])
  })

  test('while many small files are read', async () => {
    const dir = temporaryTree(
      Object.fromEntries(Array.from({ length: 3000 }, (_, i) => [`d${i % 50}/f${i}`, `${i}`])),
    )
    const controller = new AbortController()
    const packing = packSource({ evaluatorId: 'e', source: dir, signal: controller.signal })
    setImmediate(() => controller.abort(reason))
    await expect(packing).rejects.toMatchObject({ code: 'FW_ABORTED' })
    expect(openFiles(dir)).toEqual([])
  })

  test('for a reason that is our own error, such as a deadline, throws that', async () => {
    const { EvaluatorUploadError } = await import('../errors.ts')
    const timeout = new EvaluatorUploadError('FW_TIMEOUT', 'too late')
    const packing = packSource({
      evaluatorId: 'e',
      source: { files: { a: '' } },
      signal: AbortSignal.abort(timeout),
    })
    await expect(packing).rejects.toBe(timeout)
  })
})

describe('outFile', () => {
  test('is complete or not there, and stays', async () => {
    const folder = temporaryFolder()
    const outFile = join(folder, 'out.tar.gz')
    const archive = await packSource({ evaluatorId: 'e', source: { files: { a: 'a' } }, outFile })
    expect(archive.body).toEqual({ path: outFile })
    await archive.dispose()
    expect(statSync(outFile).size).toBe(archive.size)
    expect(readdirSync(folder)).toEqual(['out.tar.gz'])

    const apiKey = 'fw_0123456789abcdef'
    const failing = packSource({
      evaluatorId: 'e',
      source: { files: { b: BIG, c: apiKey } },
      outFile,
      apiKey,
    })
    await expect(failing).rejects.toMatchObject({ code: 'FW_SECRET' })
    expect(readdirSync(folder)).toEqual(['out.tar.gz'])
    expect(statSync(outFile).size).toBe(archive.size)
  })

  test('inside of the source is left out, so that the second run packs the same', async () => {
    const dir = temporaryTree({ 'a.py': '' })
    const outFile = join(dir, 'build.tgz')
    const first = await packSource({ evaluatorId: 'e', source: dir, outFile })
    const second = await packSource({ evaluatorId: 'e', source: dir, outFile })
    expect(second.sha256).toBe(first.sha256)
    expect(second.leftOut).toEqual([{ rule: 'own archive', paths: ['build.tgz'], count: 1 }])
  })
})

test('a folder for temporary files that is not there is named, with what to do', async () => {
  vi.stubEnv('TMPDIR', '/nowhere/at/all')
  vi.stubEnv('TEMP', 'Z:\\nowhere')
  await expect(packSource({ evaluatorId: 'e', source: { files: { a: BIG } } })).rejects.toMatchObject({
    code: 'FW_SOURCE',
    message: expect.stringMatching(/nowhere/),
    hint: expect.stringMatching(/TMPDIR|TEMP/),
  })
})

describe.skipIf(process.platform === 'win32')('a signal removes the temporary file', () => {
  /** A process that packs, says which files there are, and waits: during packing or after. */
  function start(phase: 'during' | 'after', folder: string, more = ''): ReturnType<typeof spawn> {
    const script = `
      const { packSource } = await import(${JSON.stringify(pathToFileURL(join(import.meta.dirname, 'pack.ts')).href)})
      const { randomBytes } = await import('node:crypto')
      ${more}
      setInterval(() => {}, 1000)
      const big = randomBytes(${MEMORY_LIMIT_BYTES + 20 * MIB})
      let told = false
      await packSource({ evaluatorId: 'e', source: { files: { big } }, onProgress(event) {
        if (${phase === 'during'} && !told && event.done > ${MEMORY_LIMIT_BYTES + 14 * MIB}) {
          told = true
          console.log('ready')
        }
      } })
      console.log('ready')`
    return spawn(process.execPath, ['--input-type=module', '-e', script], {
      env: { ...process.env, TMPDIR: folder },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
  }

  test.each([
    ['SIGINT', 'during'],
    ['SIGTERM', 'during'],
    ['SIGINT', 'after'],
    ['SIGTERM', 'after'],
  ] as const)('%s, %s packing', async (signal, phase) => {
    const folder = temporaryFolder()
    const child = start(phase, folder)
    onTestFinished(() => void child.kill('SIGKILL'))
    const exited = once(child, 'exit')
    if (child.stdout) await once(createInterface(child.stdout), 'line')
    expect(readdirSync(folder)).toHaveLength(1)
    child.kill(signal)
    expect(await exited).toEqual([null, signal])
    expect(readdirSync(folder)).toEqual([])
  })

  test('and leaves the process to a handler of the host', async () => {
    const folder = temporaryFolder()
    const child = start(
      'after',
      folder,
      "process.on('SIGINT', () => { console.log('host'); process.exit(7) })",
    )
    onTestFinished(() => void child.kill('SIGKILL'))
    const exited = once(child, 'exit')
    if (!child.stdout) throw new Error('no stdout')
    const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
    expect((await lines.next()).value).toBe('ready')
    child.kill('SIGINT')
    expect((await lines.next()).value).toBe('host')
    expect(await exited).toEqual([7, null])
    expect(existsSync(folder) && readdirSync(folder)).toEqual([])
  })
})
