import { readFile } from 'node:fs/promises'
import { checkPackage, createPackageFromTarballData, type Problem } from '@arethetypeswrong/core'
import { tarballs } from '@fw-tests/tarballs'
import { publint } from 'publint'
import { expect, test } from 'vitest'
import { testFolder } from './harness/folder.ts'
import { unpack } from './harness/unpack.ts'

/**
 * Two findings are the nature of an ESM package, not a mistake in ours:
 * - node10 resolution knows no `exports`; TypeScript 7 has dropped it, and Vite's own types need more than it;
 * - `CJSResolvesToESM` says that `require()` gets ESM, which every Node in our `engines` can load. That it does is
 *   tested on each of them in tests/lanes.
 */
const isInherent = (problem: Problem) =>
  problem.kind === 'CJSResolvesToESM' || ('resolutionKind' in problem && problem.resolutionKind === 'node10')

test.each(tarballs)('publint has nothing to say of $name', async ({ path }) => {
  const pkgDir = await unpack(path, testFolder('publint'))
  const { messages } = await publint({ pkgDir, strict: true, pack: false })
  expect(messages).toEqual([])
})

test.each(tarballs)('the types of $name are right', async ({ name, path }) => {
  const result = await checkPackage(createPackageFromTarballData(new Uint8Array(await readFile(path))))
  // The command has no types, and nobody imports it.
  if (!result.types) {
    expect(name).toBe('@fw/evaluator-cli')
    return
  }
  const table = Object.entries(result.entrypoints).map(([entry, { resolutions }]) => {
    const cells = Object.entries(resolutions).map(([kind, { resolution }]) => {
      const ending = resolution
        ? resolution.isTypeScript
          ? 'types'
          : resolution.isJson
            ? 'json'
            : 'js'
        : '-'
      return `${kind} ${ending}`
    })
    return `  ${`${name}${entry.slice(1)}`.padEnd(34)} ${cells.join('  ')}`
  })
  console.log(table.join('\n'))
  expect(result.problems.filter((problem) => !isInherent(problem))).toEqual([])
})
