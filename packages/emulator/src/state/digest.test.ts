import { CRC32C } from '@google-cloud/storage'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createCrc32c } from './digest.ts'

test('equals what the client library of the store computes, for any pieces', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 40 })), (chunks) => {
      const ours = createCrc32c()
      for (const chunk of chunks) ours.update(chunk)
      const theirs = new CRC32C()
      theirs.update(Buffer.concat(chunks))
      expect(ours.base64()).toBe(theirs.toString())
    }),
  )
})
