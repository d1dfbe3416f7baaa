import { cpSync, mkdirSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { runGood } from './exec.ts'
import { bun, npm, pnpm, yarn1, yarn4 } from './package-managers.ts'
import type { Registry } from './registry.ts'

interface Manager {
  readonly name: string
  readonly command: readonly string[]
  readonly install: readonly string[]
  /** Its configuration files, by name. */
  settings(registry: Registry): Record<string, string>
}

const yarn4With = (linker: 'node-modules' | 'pnp'): Manager => ({
  name: `yarn 4, ${linker}`,
  command: yarn4,
  install: ['install', '--no-immutable'],
  settings: ({ url }) => ({
    'yarn.lock': '',
    '.yarnrc.yml': JSON.stringify({
      enableTelemetry: false,
      nodeLinker: linker,
      npmMinimalAgeGate: 0,
      npmRegistryServer: url,
      unsafeHttpWhitelist: ['127.0.0.1'],
    }),
  }),
})

export const managers: readonly Manager[] = [
  {
    name: 'npm',
    command: npm,
    install: ['install', '--no-audit', '--no-fund'],
    settings: ({ npmrc }) => ({ '.npmrc': npmrc }),
  },
  {
    name: 'pnpm',
    command: pnpm,
    install: ['install', '--no-frozen-lockfile'],
    settings: ({ npmrc }) => ({
      '.npmrc': npmrc,
      'pnpm-workspace.yaml': JSON.stringify({
        allowBuilds: { esbuild: true },
        minimumReleaseAge: 0,
      }),
    }),
  },
  {
    name: 'yarn 1',
    command: yarn1,
    install: ['install', '--non-interactive'],
    settings: ({ npmrc, url }) => ({ '.npmrc': npmrc, '.yarnrc': `registry "${url}"\n` }),
  },
  yarn4With('node-modules'),
  yarn4With('pnp'),
  {
    name: 'bun',
    command: bun,
    install: ['install'],
    settings: ({ url }) => ({
      'bunfig.toml': `[install]\nregistry = "${url}"\n`,
    }),
  },
]

/**
 * Makes a project in a folder, installs both plugins at a version or tag, and runs `vite build` and an esbuild script.
 */
export async function installAndBuild(
  manager: Manager,
  folder: string,
  registry: Registry,
  release: string,
  env: Record<string, string>,
): Promise<{ installMs: number; buildMs: number }> {
  mkdirSync(folder, { recursive: true })
  cpSync(join(import.meta.dirname, '../project'), folder, { recursive: true })
  const manifest = {
    name: 'stranger',
    private: true,
    type: 'module',
    scripts: { build: 'vite build && node build.mjs' },
    dependencies: {
      '@fw/esbuild-plugin': release,
      '@fw/vite-plugin': release,
      esbuild: '^0.28.0',
      vite: '^8.0.0',
    },
  }
  const files = { 'package.json': JSON.stringify(manifest), ...manager.settings(registry) }
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
  // Its own home: caches keep answers of a registry on loopback, some of them without its port.
  const home = join(folder, '..', `${basename(folder)}-home`)
  mkdirSync(home)
  const own = {
    HOME: home,
    USERPROFILE: home,
    LOCALAPPDATA: home,
    APPDATA: home,
    XDG_CACHE_HOME: home,
    XDG_CONFIG_HOME: home,
    XDG_DATA_HOME: home,
  }
  const start = performance.now()
  await registry.installed(runGood([...manager.command, ...manager.install], folder, own))
  const installed = performance.now()
  await runGood([...manager.command, 'run', 'build'], folder, { ...env, ...own })
  return { installMs: installed - start, buildMs: performance.now() - installed }
}
