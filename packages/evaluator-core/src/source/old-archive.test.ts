import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder, temporaryTree } from '../../test/test-tree.ts'
import { packSource } from '../archive/pack.ts'
import { isEvaluatorArchive } from './old-archive.ts'

test('an archive of ours is known by any name', async () => {
  const file = join(temporaryFolder(), 'other.tar.gz')
  await packSource({ evaluatorId: 'score', source: { files: { 'a.py': 'x = 1\n' } }, outFile: file })
  expect(isEvaluatorArchive(file)).toBe(true)
})

test.skipIf(process.platform === 'win32')(
  'one of the client for Python is known by its folder; other archives are data',
  () => {
    const dir = temporaryTree({
      'score/a.py': '',
      'score/requirements.txt': '',
      'data/x.csv': '',
      'lib-1.0/PKG-INFO': '',
      'lib-1.0/requirements.txt': '',
      'package/package.json': '',
      'package/requirements.txt': '',
    })
    const tar = (name: string, ...paths: string[]): string => {
      execFileSync('tar', ['czf', name, ...paths], { cwd: dir })
      return join(dir, name)
    }
    expect(isEvaluatorArchive(tar('score.tar.gz', 'score'))).toBe(true)
    expect(isEvaluatorArchive(tar('renamed.tar.gz', 'score'))).toBe(false)
    expect(isEvaluatorArchive(tar('data.tar.gz', 'data'))).toBe(false)
    expect(isEvaluatorArchive(tar('lib-1.0.tar.gz', 'lib-1.0'))).toBe(false)
    expect(isEvaluatorArchive(tar('package.tar.gz', 'package'))).toBe(false)
    expect(isEvaluatorArchive(tar('two.tar.gz', 'score', 'data'))).toBe(false)
    writeFileSync(join(dir, 'none.tar.gz'), 'not at all')
    expect(isEvaluatorArchive(join(dir, 'none.tar.gz'))).toBe(false)
  },
)
