import { connect } from 'node:net'
import { expect, test } from 'vitest'
import { startEmulator } from './index.ts'
import { create, get, put, upload, uploadUrl } from './testing/client.ts'

test('close ends idle, hanging and half-sent requests and a running build at once', async () => {
  const emulator = await startEmulator({
    buildMs: 3_600_000,
    faults: [{ step: 'get', do: { kind: 'hang' } }],
  })
  await upload(emulator)
  const idle = connect(Number(new URL(emulator.url).port), '127.0.0.1')
    .on('error', () => {})
    .resume()
  await new Promise((resolve) => idle.once('connect', resolve))
  const hanging = get(emulator).catch(() => 'ended')
  await emulator.waitFor('request')
  const { port, host, pathname } = new URL(emulator.storeUrl)
  const half = connect(Number(port), '127.0.0.1')
    .on('error', () => {})
    .resume()
  const arrived = emulator.waitFor('request', ({ step }) => step === 'put')
  half.write(`PUT ${pathname} HTTP/1.1\r\nhost: ${host}\r\ncontent-length: 100\r\n\r\nhalf`)
  await arrived
  const ends = [idle, half].map((socket) => new Promise((resolve) => socket.once('close', resolve)))

  await emulator.close()
  expect(await hanging).toBe('ended')
  await Promise.all(ends)
  expect(emulator.connections).toMatchObject({ gateway: { open: 0 }, store: { open: 0 } })
  expect(emulator.requests.every(({ ended }) => ended)).toBe(true)
  await emulator.close()
})

test('await using closes', async () => {
  let url = ''
  {
    await using emulator = await startEmulator()
    url = emulator.url
  }
  await expect(fetch(url)).rejects.toThrow('fetch failed')
})

test('connections are counted by origin', async () => {
  await using emulator = await startEmulator()
  await create(emulator)
  await put(await uploadUrl(emulator, 3), new Uint8Array(3))
  expect(emulator.connections.gateway.total).toBeGreaterThan(0)
  expect(emulator.connections.store.total).toBe(1)
})
