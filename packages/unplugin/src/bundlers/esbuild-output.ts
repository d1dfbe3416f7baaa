import { existsSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { Output } from '../core/build.ts'
import type { EsbuildOptions, EsbuildResult } from './esbuild-types.ts'

/** The path of an output that has neither outdir nor outfile. */
const STDOUT = '<stdout>'

/** The working directory when this module was loaded, most likely the same as for esbuild, which keeps it. */
const loadedIn = process.cwd()

/**
 * The folder that relative paths of a build are relative to. Esbuild keeps the working directory from its load, and
 * does not report it. If it has changed since, the right folder is the one in which all outputs have the size that
 * esbuild reports.
 */
export function rootOf({ absWorkingDir }: EsbuildOptions, metafile?: EsbuildResult['metafile']): string {
  if (absWorkingDir !== undefined) return absWorkingDir
  const here = process.cwd()
  if (here === loadedIn || !metafile) return here
  const outputs = Object.entries(metafile.outputs)
  const inputs = Object.keys(metafile.inputs ?? {}).filter((path) => !/^[\w-]{2,}:|^</.test(path))
  const fits = (root: string) =>
    inputs.every((path) => existsSync(resolve(root, path))) &&
    outputs.every(([path, { bytes }]) => sizeOf(resolve(root, path)) === bytes)
  return [loadedIn, here].find(fits) ?? here
}

function sizeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.size
}

/** The output of a build, from the metafile and not from the folder, which esbuild never empties. */
export function outputOf(result: EsbuildResult, options: EsbuildOptions): Output {
  const { metafile, outputFiles } = result
  const root = rootOf(options, outputFiles ? undefined : metafile)
  const { outdir, outfile, format } = options
  const dir = resolve(root, outdir ?? (outfile === undefined ? '.' : dirname(outfile)))
  const outputs = metafile?.outputs ?? {}
  const entries = new Map(
    Object.entries(outputs).flatMap(([path, { entryPoint }]) => {
      const built = path.endsWith(STDOUT) ? resolve(dir, nameOf(outputs)) : resolve(root, path)
      return entryPoint === undefined ? [] : [[built, resolve(root, entryPoint)] as const]
    }),
  )
  if (outputFiles) {
    const files = outputFiles.map(
      ({ path, contents }) =>
        [path.endsWith(STDOUT) ? resolve(dir, nameOf(outputs)) : path, contents] as const,
    )
    return { dir, files: new Map(files), inMemory: true, format, entries }
  }
  const paths = Object.keys(outputs).map((path) => resolve(root, path))
  const missing = paths.filter((path) => !existsSync(path))
  return { dir, files: new Map(paths.map((path) => [path, undefined])), missing, format, entries }
}

/** The name for {@link STDOUT}: that of its entry. */
function nameOf(outputs: Record<string, { entryPoint?: string }>): string {
  const entryPoint = Object.values(outputs).find((output) => output.entryPoint)?.entryPoint
  const name = entryPoint
    ?.split('/')
    .at(-1)
    ?.replace(/\.[^.]+$/, '')
  return `${name || 'stdin'}.js`
}

// A bundled CommonJS module needs `require` for Node's own modules, and an ES module has none.
const REQUIRE =
  'import { createRequire as scorerRequire } from "node:module"; const require = scorerRequire(import.meta.url);'

/** If the build has no entry, builds the scorer, bundled with all its imports. */
export function nameScorer(options: EsbuildOptions, score: string): void {
  const { entryPoints, stdin, outdir, outfile } = options
  if (stdin !== undefined || (entryPoints !== undefined && Object.keys(entryPoints).length > 0)) return
  Object.assign(options, { entryPoints: [score], bundle: true, platform: 'node', format: 'esm' })
  options.banner = { ...options.banner, js: `${REQUIRE}${options.banner?.js ?? ''}` }
  if (outdir === undefined && outfile === undefined) options.outdir = 'dist'
}
