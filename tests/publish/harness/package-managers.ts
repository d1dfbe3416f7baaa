import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const { resolve } = createRequire(import.meta.url)
const folderOf = (name: string) => dirname(resolve(`${name}/package.json`))
const node = process.execPath

/** The commands of the package managers, in the versions of this workspace's catalog. */
export const npm: readonly string[] = [node, join(folderOf('npm'), 'bin/npm-cli.js')]
export const yarn1: readonly string[] = [node, join(folderOf('yarn-1'), 'bin/yarn.js')]
export const yarn4: readonly string[] = [node, join(folderOf('@yarnpkg/cli-dist'), 'bin/yarn.js')]
/** The pnpm that runs this script. */
export const pnpm: readonly string[] = ['pnpm']
/** The binary is in a package for each platform. The package `bun` only copies it by an install script. */
export const bun: readonly string[] = [bunBinary()]

function bunBinary(): string {
  const system = process.platform === 'win32' ? 'windows' : process.platform
  const cpu = process.arch === 'arm64' ? 'aarch64' : process.arch
  const ofBun = createRequire(join(folderOf('bun'), 'package.json'))
  const manifest = ofBun.resolve(`@oven/bun-${system}-${cpu}/package.json`)
  return join(dirname(manifest), 'bin', process.platform === 'win32' ? 'bun.exe' : 'bun')
}
