import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { bench } from '../../test/bench.ts'

/** Guards by counting what was once measured: a round trip more is 50 ms for someone far away. */
const counted = (emulator: Awaited<ReturnType<typeof bench>>['emulator'], from = 0) => ({
  steps: emulator.requests.slice(from).map(({ step }) => step),
  gateway: emulator.connections.gateway.total,
  store: emulator.connections.store.total,
})

test('create: six requests over two connections', async () => {
  const { emulator, upload } = await bench()
  await upload()
  const { steps, ...connections } = counted(emulator)
  expect(steps).toEqual(['get', 'sourceUrl', 'create', 'endpoint', 'put', 'validate'])
  expect(connections).toEqual({ gateway: 1, store: 1 })
})

test('unchanged: three requests over two connections', async () => {
  const { emulator, upload } = await bench()
  await upload({ wait: { intervalMs: 1 } })
  const before = emulator.requests.length
  await upload()
  const { steps, ...connections } = counted(emulator, before)
  expect(steps).toEqual(['get', 'sourceUrl', 'download'])
  expect(connections).toEqual({ gateway: 2, store: 2 })
})

test('changed: seven requests over two connections', async () => {
  const { emulator, upload } = await bench()
  await upload({ wait: { intervalMs: 1 } })
  const before = emulator.requests.length
  await upload({ evaluator: { description: 'changed' } })
  const { steps, ...connections } = counted(emulator, before)
  expect(steps).toEqual(['get', 'sourceUrl', 'download', 'prepare', 'endpoint', 'put', 'validate'])
  expect(connections).toEqual({ gateway: 2, store: 2 })
})

test('the evaluator and the URL of its source are asked for together', async () => {
  const { emulator, upload } = await bench()
  await upload({ wait: { intervalMs: 1 } })
  emulator.faults.add({ step: 'get', do: { kind: 'slow', delayMs: 50 } })
  const answered = emulator.waitFor('response', ({ step }) => step === 'get')
  const asked = emulator.waitFor('request', ({ step }) => step === 'sourceUrl')
  const uploading = upload()
  await expect(Promise.race([answered.then(() => 'answered'), asked.then(() => 'asked')])).resolves.toBe(
    'asked',
  )
  await uploading
})

test('the connection to a store that is known from before is opened beside the first question', async () => {
  const { emulator, upload } = await bench()
  await upload({ wait: { intervalMs: 1 } })
  emulator.faults.add({ step: 'get', do: { kind: 'hang' } }, { step: 'sourceUrl', do: { kind: 'hang' } })
  const controller = new AbortController()
  const uploading = upload({ signal: controller.signal }).catch(() => {})
  await expect.poll(() => emulator.connections.store.total).toBe(2)
  controller.abort()
  await uploading
})

test('the connection is on its way before a file is looked at', async () => {
  const { emulator, upload } = await bench()
  const sockets: Socket[] = []
  const hear = (message: unknown) => {
    if (typeof message !== 'object' || message === null || !('socket' in message)) return
    if (message.socket instanceof Socket) sockets.push(message.socket)
  }
  subscribe('net.client.socket', hear)
  onTestFinished(() => void unsubscribe('net.client.socket', hear))
  let ports: (number | undefined)[] = []
  const files = {
    // Read when the source is listed.
    get 'requirements.txt'() {
      // A socket has a port of its own only once the system was asked to connect it.
      ports = sockets.map(({ localPort }) => localPort)
      return ''
    },
  }
  await upload({ source: { files }, evaluator: { entryPoint: false } })
  expect(ports).toEqual([expect.any(Number)])
  expect(emulator.connections.gateway.total).toBe(1)
})
