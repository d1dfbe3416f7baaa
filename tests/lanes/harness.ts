import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

const { resolve } = createRequire(import.meta.url)
const TIMEOUT_MS = 60_000
const isWindows = process.platform === 'win32'

export interface Lane {
  readonly name: string
  /** The beginning of `node --version`. If all aliases led to one version, the tests would prove nothing. */
  readonly version: string
  /** The program that runs a file, and its arguments before the file. */
  readonly command: readonly [string, ...string[]]
}

const lane = (alias: string, version: string): Lane => ({
  name: `Node ${version}`,
  version: `v${version}.`,
  command: [join(dirname(resolve(`${alias}/package.json`)), 'bin', isWindows ? 'node.exe' : 'node')],
})

/** The lowest version of each old line that `engines` allows, and the current lines. */
const ours = (): Lane[] => [
  lane('node-20', '20.19'),
  lane('node-22', '22.12'),
  lane('node-24', '24'),
  lane('node-26', '26'),
]

/** Both have their program in a package for each platform, a dependency of the main package. */
function programOf(name: string, platformPackage: string, path: string): string {
  const manifest = createRequire(resolve(`${name}/package.json`)).resolve(`${platformPackage}/package.json`)
  return join(dirname(manifest), path)
}

const platform = isWindows ? 'windows' : process.platform
const arm = process.arch === 'arm64'
const denoSystem = `${process.platform}-${process.arch}${process.platform === 'linux' ? '-glibc' : ''}`

/** Other runtimes for core. Their `process.version` is that of the Node whose API they have. */
export const otherRuntimes: readonly Lane[] = [
  {
    name: 'Bun',
    version: 'v',
    command: [
      programOf(
        'bun',
        `@oven/bun-${platform}-${arm ? 'aarch64' : process.arch}`,
        isWindows ? 'bin/bun.exe' : 'bin/bun',
      ),
    ],
  },
  {
    name: 'Deno',
    version: 'v',
    command: [
      programOf('deno', `@deno/${denoSystem}`, isWindows ? 'deno.exe' : 'deno'),
      'run',
      '--allow-all',
      '--no-prompt',
      '--node-modules-dir=manual',
    ],
  },
]

/** With FW_LANE_NODE, only the Node at that path: CI sets it to the one of its platform. */
const given = process.env.FW_LANE_NODE

export const lanes: readonly Lane[] = given
  ? [{ name: 'the given Node', version: 'v', command: [given] }]
  : ours()

/** Runs a file in a lane, and returns its output. Its environment has only the given variables. */
export async function runFile(
  { command: [program, ...before] }: Lane,
  file: string,
  args: readonly string[],
  env: Record<string, string>,
): Promise<{ stdout: string; stderr: string }> {
  const { PATH = '', TMPDIR, TEMP, SystemRoot } = process.env
  return promisify(execFile)(program, [...before, file, ...args], {
    cwd: import.meta.dirname,
    env: { PATH, TMPDIR, TEMP, SystemRoot, NO_COLOR: '1', DENO_NO_UPDATE_CHECK: '1', ...env },
    timeout: TIMEOUT_MS,
    killSignal: 'SIGKILL',
  })
}
