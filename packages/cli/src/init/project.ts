import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export type Bundler = 'vite' | 'esbuild'

/** What is in the folder already. */
export interface Project {
  /** As package.json has it. */
  readonly name?: string
  readonly isTypeScript: boolean
  /** The file that configures the bundler, relative to the folder. */
  readonly config?: { readonly bundler: Bundler; readonly file: string; readonly text: string }
  readonly packageManager: 'npm' | 'pnpm' | 'yarn' | 'bun'
}

const EXTENSIONS = ['ts', 'mts', 'js', 'mjs', 'cts', 'cjs']
const CONFIGS: Readonly<Record<Bundler, readonly string[]>> = {
  vite: ['vite.config'],
  esbuild: ['esbuild.config', 'esbuild', 'build', 'scripts/build', 'scripts/esbuild'],
}
const LOCKFILES = {
  'pnpm-lock.yaml': 'pnpm',
  'yarn.lock': 'yarn',
  'bun.lock': 'bun',
  'bun.lockb': 'bun',
} as const

/** @param wanted looks for this bundler's config only */
export function readProject(dir: string, wanted?: Bundler): Project {
  const name = packageName(dir)
  const config = (wanted ? [wanted] : (['vite', 'esbuild'] as const))
    .map((bundler) => findConfig(dir, bundler))
    .find((found) => found !== undefined)
  const lock = Object.entries(LOCKFILES).find(([file]) => existsSync(join(dir, file)))
  return {
    ...(name !== undefined && { name }),
    isTypeScript: existsSync(join(dir, 'tsconfig.json')),
    ...(config && { config }),
    packageManager: lock?.[1] ?? 'npm',
  }
}

function findConfig(dir: string, bundler: Bundler): Project['config'] {
  for (const stem of CONFIGS[bundler]) {
    for (const extension of EXTENSIONS) {
      const file = `${stem}.${extension}`
      if (!existsSync(join(dir, file))) continue
      const text = readFileSync(join(dir, file), 'utf8')
      // A build script may be about anything.
      if (bundler === 'vite' || /['"]esbuild['"]/.test(text)) return { bundler, file, text }
    }
  }
  return undefined
}

function packageName(dir: string): string | undefined {
  try {
    const { name }: { name?: unknown } = JSON.parse(readFileSync(join(dir, 'package.json'), 'utf8'))
    return typeof name === 'string' ? name : undefined
  } catch {
    return undefined
  }
}
