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
  return { dir, files: new Map(files) }
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
