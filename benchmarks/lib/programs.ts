import { readdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Makes JavaScript of all programs: Node 20 can't run TypeScript. Packages stay packages. */
export async function buildPrograms(): Promise<void> {
  const files = await readdir(`${root}programs`)
  await build({
    entryPoints: files.filter((name) => name.endsWith('.ts')).map((name) => `${root}programs/${name}`),
    outdir: `${root}dist`,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    logLevel: 'warning',
  })
}

/** The file of a program in programs/, by its name without the ending. */
export function programFile(name: string): string {
  return `${root}dist/${name}.js`
}
