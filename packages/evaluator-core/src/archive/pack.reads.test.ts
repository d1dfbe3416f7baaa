import { expect, test, vi } from 'vitest'
import { temporaryTree } from '../../test/test-tree.ts'
import { packSource } from './pack.ts'

const count = vi.hoisted(() => ({ bytes: 0, opened: 0 }))

// The real functions, counted: the system's own count has the modules in it that are loaded meanwhile.
vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>()
  return {
    ...fs,
    openSync(...args: Parameters<typeof fs.openSync>) {
      count.opened += 1
      return fs.openSync(...args)
    },
    readSync(fd: number, space: NodeJS.ArrayBufferView, at: number, length: number, position: null) {
      const bytes = fs.readSync(fd, space, at, length, position)
      count.bytes += bytes
      return bytes
    },
    readFileSync(file: string, encoding?: BufferEncoding) {
      const content = fs.readFileSync(file)
      count.opened += 1
      count.bytes += content.length
      return encoding === undefined ? content : content.toString(encoding)
    },
  }
})

test('every byte is read once, and those of Python twice: the entry point is looked for before anything is sent', async () => {
  const script = '@evaluation_test()\ndef test_it(row):\n    return row\n'
  const files = Object.fromEntries(
    Array.from({ length: 50 }, (_, i) => [`dist/part-${i}.js`, 'export const x = 1\n'.repeat(100 * i)]),
  )
  const dir = temporaryTree({ ...files, 'test_it.py': script, 'requirements.txt': 'eval-protocol\n' })
  const { entries } = await packSource({ evaluatorId: 'e', source: { dir, gitignore: false } })
  expect(entries).toHaveLength(52)
  expect(count.bytes).toBe(entries.reduce((sum, { size }) => sum + size, 0) + script.length)
  expect(count.opened).toBe(52 + 1)
})
