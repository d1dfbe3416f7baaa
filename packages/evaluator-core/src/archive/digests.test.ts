import { expect, test } from 'vitest'
import { createDigests } from './digests.ts'

test('the digests of all pieces together, as the standards give them for "abc"', async () => {
  const digests = createDigests()
  for (const piece of ['a', '', 'bc']) await digests.update(Buffer.from(piece))
  expect(await digests.end()).toEqual({
    // FIPS 180-2, appendix B.1, and RFC 1321, appendix A.5
    sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    md5: '900150983cd24fb0d6963f7d28e17f72',
  })
})

test('nothing has a digest too', async () => {
  expect((await createDigests().end()).md5).toBe('d41d8cd98f00b204e9800998ecf8427e')
})
