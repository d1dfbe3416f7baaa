import { dirname, resolve } from 'node:path'
import type { Output } from '../core/build.ts'
import type { EsbuildOptions, EsbuildResult } from './esbuild-types.ts'

/** The path of an output that has neither outdir nor outfile. */
const STDOUT = '<stdout>'

/** The folder that relative paths of a build are relative to. */
export function rootOf({ absWorkingDir }: EsbuildOptions): string {
  return absWorkingDir ?? process.cwd()
}

/** What a build wrote: the metafile says it, not the folder, which esbuild never empties. */
export function outputOf({ metafile, outputFiles }: EsbuildResult, options: EsbuildOptions): Output {
  const root = rootOf(options)
  const { outdir, outfile } = options
  const dir = resolve(root, outdir ?? (outfile === undefined ? '.' : dirname(outfile)))
  const outputs = metafile?.outputs ?? {}
  const files: [string, Uint8Array | undefined][] = outputFiles
    ? outputFiles.map(({ path, contents }) => [
        path.endsWith(STDOUT) ? resolve(dir, nameOf(outputs)) : path,
        contents,
      ])
    : Object.keys(outputs).map((path) => [resolve(root, path), undefined])
  const entries = Object.entries(outputs).flatMap(([path, { entryPoint }]) => {
    const built = path.endsWith(STDOUT) ? resolve(dir, nameOf(outputs)) : resolve(root, path)
    return entryPoint === undefined ? [] : [[built, resolve(root, entryPoint)] as const]
  })
  return { dir, files: new Map(files), entries: new Map(entries) }
}

/** A name for {@link STDOUT}: its entry's. */
function nameOf(outputs: Record<string, { entryPoint?: string }>): string {
  const entryPoint = Object.values(outputs).find((output) => output.entryPoint)?.entryPoint
  const name = entryPoint
    ?.split('/')
    .at(-1)
    ?.replace(/\.[^.]+$/, '')
  return `${name || 'stdin'}.js`
}

// What a bundled CommonJS module takes from Node, it takes by a `require` that an ES module has not.
const REQUIRE =
  'import { createRequire as scorerRequire } from "node:module"; const require = scorerRequire(import.meta.url);'

/** Builds the scorer, with all that it imports inside, where the build names no entry of its own. */
export function nameScorer(options: EsbuildOptions, score: string): void {
  const { entryPoints, stdin, outdir, outfile } = options
  if (stdin !== undefined || (entryPoints !== undefined && Object.keys(entryPoints).length > 0)) return
  Object.assign(options, { entryPoints: [score], bundle: true, platform: 'node', format: 'esm' })
  options.banner = { ...options.banner, js: `${REQUIRE}${options.banner?.js ?? ''}` }
  if (outdir === undefined && outfile === undefined) options.outdir = 'dist'
}
