import { readFile } from 'node:fs/promises'
import { checkPackage, createPackageFromTarballData, type Problem } from '@arethetypeswrong/core'
import { tarballs } from '@fw-tests/tarballs'
import { publint } from 'publint'
import { expect, test } from 'vitest'
import { testFolder } from './harness/folder.ts'
import { unpack } from './harness/unpack.ts'

/**
 * Every ESM package has these two findings:
 * - node10 resolution ignores `exports`. TypeScript 7 has removed it, and Vite's own types do not support it;
 * - `CJSResolvesToESM` means that `require()` loads ESM. Every Node in our `engines` can do that; tests/lanes tests
 *   it on each.
 */
const isInherent = (problem: Problem) =>
  problem.kind === 'CJSResolvesToESM' || ('resolutionKind' in problem && problem.resolutionKind === 'node10')

test.each(tarballs)('publint finds nothing in $name', async ({ path }) => {
  const pkgDir = await unpack(path, testFolder('publint'))
  const { messages } = await publint({ pkgDir, strict: true, pack: false })
  expect(messages).toEqual([])
})

test.each(tarballs)('the types of $name resolve', async ({ name, path }) => {
  const result = await checkPackage(createPackageFromTarballData(new Uint8Array(await readFile(path))))
  // The command line package has no types, because nobody imports it.
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
