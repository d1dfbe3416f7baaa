import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

const { resolve } = createRequire(import.meta.url)
const TIMEOUT_MS = 60_000
const isWindows = process.platform === 'win32'

export interface Lane {
  readonly name: string
  /** What `node --version` must begin with: aliases that all led to one version would prove nothing. */
  readonly version: string
  /** What runs a file: a program, and what comes before the file. */
  readonly command: readonly [string, ...string[]]
}

const lane = (alias: string, version: string): Lane => ({
  name: `Node ${version}`,
  version: `v${version}.`,
  command: [join(dirname(resolve(`${alias}/package.json`)), 'bin', isWindows ? 'node.exe' : 'node')],
})

/** The lowest version that `engines` allows of each old line, and the lines that are current. */
const ours = (): Lane[] => [
  lane('node-20', '20.19'),
  lane('node-22', '22.12'),
  lane('node-24', '24'),
  lane('node-26', '26'),
]

/** Both bring their program in a package for each platform, which the package of their name depends on. */
function programOf(name: string, platformPackage: string, path: string): string {
  const manifest = createRequire(resolve(`${name}/package.json`)).resolve(`${platformPackage}/package.json`)
  return join(dirname(manifest), path)
}

const platform = isWindows ? 'windows' : process.platform
const arm = process.arch === 'arm64'
const denoSystem = `${process.platform}-${process.arch}${process.platform === 'linux' ? '-glibc' : ''}`

/** What runs core without being Node. Their `process.version` is that of the Node whose API they have. */
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

/** With FW_LANE_NODE only the Node at that path: a CI runs the one of its platform. */
const given = process.env.FW_LANE_NODE

export const lanes: readonly Lane[] = given
  ? [{ name: 'the given Node', version: 'v', command: [given] }]
  : ours()

/** Runs a file in a lane; gives what it printed. Its environment has nothing of ours but what is given. */
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
