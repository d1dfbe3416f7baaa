import { expect, test } from 'vitest'
import type { Fault, FaultAction } from './faults.ts'
import { createFaults } from './script.ts'

const status = (code: number): FaultAction => ({ kind: 'status', status: code })

function play(faults: Fault[], calls: number, evaluatorId?: string): (number | undefined)[] {
  const script = createFaults(faults)
  return Array.from({ length: calls }, () => {
    const action = script.take('put', evaluatorId)
    return action?.kind === 'status' ? action.status : undefined
  })
}

test('hits the next call, once', () => {
  expect(play([{ step: 'put', do: status(500) }], 2)).toEqual([500, undefined])
})

test('times: hits as many calls', () => {
  expect(play([{ step: 'put', times: 2, do: status(500) }], 3)).toEqual([500, 500, undefined])
})

test('after: calls succeed first; calls that another fault hit count', () => {
  const faults: Fault[] = [
    { step: 'put', do: status(500) },
    { step: 'put', after: 2, do: status(503) },
  ]
  expect(play(faults, 4)).toEqual([500, undefined, 503, undefined])
})

test('several: in the order in which they were added', () => {
  const faults: Fault[] = [
    { step: 'put', do: status(500) },
    { step: 'put', do: status(503) },
  ]
  expect(play(faults, 3)).toEqual([500, 503, undefined])
})

test('evaluatorId: calls about others succeed, and do not count', () => {
  const faults: Fault[] = [{ step: 'put', evaluatorId: 'mine', do: status(500) }]
  expect(play(faults, 1, 'other')).toEqual([undefined])
  expect(play(faults, 1, 'mine')).toEqual([500])
})

test('calls of another step succeed', () => {
  expect(play([{ step: 'get', do: status(500) }], 1)).toEqual([undefined])
})

test('pending has the faults that have not happened, clear removes them', () => {
  const first: Fault = { step: 'put', do: { kind: 'reset' } }
  const second: Fault = { step: 'get', do: { kind: 'hang' } }
  const script = createFaults([first])
  script.add(second)
  script.take('put', undefined)
  expect(script.pending).toEqual([second])
  script.clear()
  expect(script.pending).toEqual([])
  expect(script.take('get', undefined)).toBeUndefined()
})

test.each<[string, unknown, RegExp]>([
  ['an unknown kind', { step: 'put', do: { kind: 'explode' } }, /Unknown fault 'explode'/],
  ['an unknown step', { step: 'push', do: { kind: 'reset' } }, /Unknown step 'push'/],
  ['a step where it is impossible', { step: 'get', do: { kind: 'wrong-md5' } }, /only at: put, download/],
  ['a slip in a name', { step: 'put', time: 2, do: { kind: 'reset' } }, /has no 'time'/],
  ['a slip in what it does', { step: 'put', do: { kind: 'status', code: 503 } }, /'status' has no 'code'/],
  ['what it needs is missing', { step: 'put', do: { kind: 'status' } }, /needs status: number/],
  ['another type', { step: 'put', do: { kind: 'slow', delayMs: '9' } }, /needs delayMs: number, not 9/],
  ['no times at all', { step: 'put', times: 0, do: { kind: 'reset' } }, /times ≥ 1/],
])('refuses %s', (_, fault, message) => {
  // As it would come from JSON.
  const faults: Fault[] = JSON.parse(JSON.stringify([fault]))
  expect(() => createFaults(faults)).toThrow(message)
})

test('remove: removes that object, and keeps an equal one', () => {
  const one: Fault = { step: 'put', do: status(500) }
  const other: Fault = { ...one }
  const script = createFaults([one, other])
  script.remove(one)
  expect(script.pending).toHaveLength(1)
  expect(script.pending[0]).toBe(other)
})
