import { existsSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { Output } from '../core/build.ts'
import type { EsbuildBuild, EsbuildOptions, EsbuildResult } from './esbuild-types.ts'

/** The path of an output that has neither outdir nor outfile. */
const STDOUT = '<stdout>'

/**
 * The folder that relative paths of a build are relative to. Esbuild keeps the working directory from its load, and
 * does not report it. The output path of an empty build shows it.
 */
export async function rootOf({ initialOptions, esbuild }: EsbuildBuild): Promise<string> {
  if (initialOptions.absWorkingDir !== undefined) return initialOptions.absWorkingDir
  const { outputFiles } = await esbuild.build({
    ...{ stdin: { contents: '' }, outfile: 'nothing', write: false, logLevel: 'silent' },
  })
  const [nothing] = outputFiles ?? []
  return nothing ? dirname(nothing.path) : process.cwd()
}

/**
 * The output of a build whose relative paths are relative to `root`. From the metafile and not from the output folder,
 * which esbuild never empties.
 */
export function outputOf(result: EsbuildResult, options: EsbuildOptions, root: string): Output {
  const { metafile, outputFiles } = result
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
