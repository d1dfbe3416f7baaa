import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

test.skipIf(process.platform === 'win32')(
  'a working directory that was deleted is told, where it is needed',
  async () => {
    const script = fileURLToPath(new URL('../../test/fixtures/gone-folder.ts', import.meta.url))
    const [told] = await once(fork(script), 'message')
    expect(told).toEqual([
      'Evaluator my-evaluator could not be packed: the working directory does not exist any more.',
      'my-evaluator.tar.gz',
    ])
  },
)
