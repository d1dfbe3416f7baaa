import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

const { resolve } = createRequire(import.meta.url)
const TIMEOUT_MS = 60_000

export interface Lane {
  readonly name: string
  /** What `node --version` must begin with: aliases that all led to one version would prove nothing. */
  readonly version: string
  readonly node: string
}

const lane = (alias: string, version: string): Lane => ({
  name: `Node ${version}`,
  version: `v${version}.`,
  node: join(
    dirname(resolve(`${alias}/package.json`)),
    'bin',
    process.platform === 'win32' ? 'node.exe' : 'node',
  ),
})

/** The lowest version that `engines` allows of each old line, and the lines that are current. */
const ours = (): Lane[] => [
  lane('node-20', '20.19'),
  lane('node-22', '22.12'),
  lane('node-24', '24'),
  lane('node-26', '26'),
]

/** With FW_LANE_NODE only the Node at that path: a CI runs the one of its platform. */
const given = process.env.FW_LANE_NODE

export const lanes: readonly Lane[] = given ? [{ name: 'the given Node', version: 'v', node: given }] : ours()

/** Runs a file under a Node; gives what it printed. Its environment has nothing of ours but what is given. */
export async function runFile(
  { node }: Lane,
  file: string,
  args: readonly string[],
  env: Record<string, string>,
): Promise<{ stdout: string; stderr: string }> {
  const { PATH = '', TMPDIR, TEMP, SystemRoot } = process.env
  return promisify(execFile)(node, [file, ...args], {
    cwd: import.meta.dirname,
    env: { PATH, TMPDIR, TEMP, SystemRoot, NO_COLOR: '1', ...env },
    timeout: TIMEOUT_MS,
    killSignal: 'SIGKILL',
  })
}
