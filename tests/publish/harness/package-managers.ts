import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const { resolve } = createRequire(import.meta.url)
const folderOf = (name: string) => dirname(resolve(`${name}/package.json`))
const node = process.execPath

/** The commands of the package managers, by the files of the versions in this workspace's catalog. */
export const npm: readonly string[] = [node, join(folderOf('npm'), 'bin/npm-cli.js')]
export const yarn1: readonly string[] = [node, join(folderOf('yarn-1'), 'bin/yarn.js')]
export const yarn4: readonly string[] = [node, join(folderOf('@yarnpkg/cli-dist'), 'bin/yarn.js')]
/** The pnpm that runs this very script. */
export const pnpm: readonly string[] = ['pnpm']
export const bun: readonly string[] = [join(import.meta.dirname, '../node_modules/.bin/bun')]
