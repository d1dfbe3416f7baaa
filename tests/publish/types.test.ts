import { cpSync, mkdirSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { installTarballs } from './harness/consumer.ts'
import { run } from './harness/exec.ts'
import { useRegistry } from './harness/use-registry.ts'

const { resolve } = createRequire(import.meta.url)
const compilers = ['typescript-5.4', 'typescript-5.9', 'typescript']
const resolutions = [
  { module: 'nodenext', moduleResolution: 'nodenext' },
  { module: 'esnext', moduleResolution: 'bundler' },
]
const home = useRegistry('types', async (registry) => {
  mkdirSync(folder)
  const ours = [
    '@fw/esbuild-plugin',
    '@fw/evaluator-core',
    '@fw/evaluator-emulator',
    '@fw/evaluator-scorer',
    '@fw/evaluator-unplugin',
    '@fw/vite-plugin',
  ]
  // Packages that every TypeScript project with Vite or esbuild has.
  await installTarballs(registry, folder, ours, { '@types/node': '^24', esbuild: '^0.28', vite: '^8' })
  cpSync(join(import.meta.dirname, 'types'), folder, { recursive: true })
})
const folder = join(home.folder, 'project')

/** Runs a compiler on all files at once, because Node's declarations take most of the time. */
async function compile(
  compiler: string,
  files: string[],
  options: Record<string, unknown>,
): Promise<string[]> {
  const compilerOptions = {
    target: 'es2022',
    lib: ['es2022', 'dom', 'esnext.disposable'],
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
    noEmit: true,
    types: ['node'],
    ...options,
  }
  const config = join(folder, `tsconfig.${compiler}.${options.moduleResolution}.json`)
  await writeFile(config, JSON.stringify({ compilerOptions, files }))
  const tsc = join(dirname(resolve(`${compiler}/package.json`)), 'bin/tsc')
  const { code, stdout } = await run([process.execPath, tsc, '-p', config, '--pretty', 'false'], folder)
  const errors = stdout.split('\n').filter((line) => line.includes('error TS'))
  // The compiler itself failed.
  if (code !== 0 && errors.length === 0) throw new Error(`${compiler} ended with ${code}: ${stdout}`)
  // Without errors in the declarations of bundlers: some do not support the oldest compiler.
  return errors.filter((line) => !/^node_modules\/(?!@fw\/)/.test(line))
}

test.concurrent.each(
  compilers.flatMap((compiler) => resolutions.map((options) => ({ compiler, ...options }))),
)(
  '$compiler, $moduleResolution resolution: valid code compiles, invalid code does not, our declarations have no error',
  async ({ compiler, ...options }) => {
    const files = ['core.ts', 'emulator.ts', 'plugins.ts', 'scorer.ts']
    // TypeScript knows since 5.8 that Node's require loads ESM.
    const knowsRequire = compiler !== 'typescript-5.4' && options.moduleResolution === 'nodenext'
    expect(await compile(compiler, knowsRequire ? [...files, 'commonjs.cts'] : files, options)).toEqual([])
  },
)
