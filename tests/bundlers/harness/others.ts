import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Lane } from './matrix.ts'
import { versionOf } from './project.ts'

export const webpackLane: Lane = {
  label: 'webpack 5',
  version: versionOf('webpack'),
  packages: { webpack: 'webpack', 'webpack-cli': 'webpack-cli' },
  probe:
    "import webpack from 'webpack'\nconsole.log('measured ' + webpack.version)\nexport const bundle = webpack\n",
}

export const rspackLane: Lane = {
  label: 'rspack 2',
  version: versionOf('@rspack/core'),
  packages: { '@rspack/core': '@rspack/core' },
  probe:
    "import { rspack, rspackVersion } from '@rspack/core'\nconsole.log('measured ' + rspackVersion)\nexport const bundle = rspack\n",
}

export const rsbuildLane: Lane = {
  label: 'rsbuild 2',
  version: versionOf('@rsbuild/core'),
  packages: { '@rsbuild/core': '@rsbuild/core' },
  probe: "import { version } from '@rsbuild/core'\nconsole.log('measured ' + version)\n",
}

export const farmLane: Lane = {
  label: 'farm 1',
  version: versionOf('@farmfe/core'),
  packages: { '@farmfe/core': '@farmfe/core' },
  probe:
    "import { readFileSync } from 'node:fs'\nconsole.log('measured ' + JSON.parse(readFileSync('node_modules/@farmfe/core/package.json', 'utf8')).version)\n",
}

/** The package bun brings its program in a package for each platform. */
function bunProgram(): string {
  const fromHere = createRequire(import.meta.url)
  const fromBun = createRequire(fromHere.resolve('bun/package.json'))
  const platform = `@oven/bun-${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch === 'arm64' ? 'aarch64' : process.arch}`
  return join(
    dirname(fromBun.resolve(`${platform}/package.json`)),
    'bin',
    process.platform === 'win32' ? 'bun.exe' : 'bun',
  )
}

export const bunLane: Lane = {
  label: 'bun 1',
  version: versionOf('bun'),
  packages: {},
  probe: "console.log('measured ' + Bun.version)\n",
  node: bunProgram(),
}
