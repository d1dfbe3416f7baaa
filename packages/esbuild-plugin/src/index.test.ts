import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fwEvaluator as original } from '@fw/evaluator-unplugin/esbuild'
import { build } from 'esbuild'
import { expect, onTestFinished, test } from 'vitest'
import fwEvaluatorDefault, { fwEvaluator } from './index.ts'

test('the named and the default export are the same function', () => {
  expect(fwEvaluator).toBe(original)
  expect(fwEvaluatorDefault).toBe(original)
})

test('a thin plugin: under 60 lines', async () => {
  const text = await readFile(join(import.meta.dirname, 'index.ts'), 'utf8')
  expect(text.split('\n').length).toBeLessThan(60)
})

// tests/bundlers tests every version and everything else.
test('a build with a dry run at its end', async () => {
  const root = await mkdtemp(join(tmpdir(), 'fw-esbuild-plugin-'))
  onTestFinished(() => rm(root, { recursive: true }))
  await writeFile(join(root, 'index.js'), 'export const score = (text) => text.length')
  const paths: string[] = []
  await build({
    absWorkingDir: root,
    entryPoints: ['index.js'],
    outdir: 'dist',
    logLevel: 'silent',
    plugins: [
      fwEvaluator({
        evaluatorId: 'my-evaluator',
        evaluator: { entryPoint: false },
        dryRun: true,
        onUploaded: ({ archive }) => void paths.push(...archive.entries.map(({ path }) => path)),
      }),
    ],
  })
  expect(paths).toEqual(['index.js', 'requirements.txt'])
})
