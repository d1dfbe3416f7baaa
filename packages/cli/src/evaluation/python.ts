import { createHash } from 'node:crypto'
import { access, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { EvaluatorUploadError } from '@fw/evaluator-core'
import { runChild } from './child.ts'

interface PythonOptions {
  readonly env: NodeJS.ProcessEnv
  readonly signal: AbortSignal
  /** Called with the output, line by line. */
  readonly say: (line: string) => void
  readonly onText?: ((text: string) => void) | undefined
}

/** The service always has this package, also if the requirements do not name it. */
const EVAL_PROTOCOL = 'eval-protocol>=0.3.33'
const CHECK_VERSION =
  'import sys; assert sys.version_info >= (3, 10); print("%d.%d" % sys.version_info[:2], sys.executable)'
const NAMES = process.platform === 'win32' ? ['python', 'py'] : ['python3', 'python']
/** The folder with the programs of a virtual environment. */
const PYTHON = process.platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python']

/**
 * The Python of a virtual environment with a requirements.txt. The environment is kept, by the digest of its content,
 * so that it is installed once.
 *
 * @param dir Folder of the evaluator: paths in its requirements.txt are relative to it.
 * @throws EvaluatorUploadError FW_CONFIG if there is no Python, FW_SOURCE if the requirements cannot be installed
 */
export async function pythonWithRequirements(dir: string, options: PythonOptions): Promise<string> {
  const { env, say } = options
  const requirements = join(dir, 'requirements.txt')
  const text = await readFile(requirements, 'utf8').catch(() => '')
  const tool = await findTool(options)
  const digest = createHash('sha256')
    .update([text, EVAL_PROTOCOL, tool.identity, process.platform, process.arch].join('\0'))
    .digest('hex')
    .slice(0, 16)
  const cache = cacheFolder(env)
  const home = join(cache, `venv-${digest}`)
  const python = join(home, ...PYTHON)
  if (await exists(join(home, 'installed'))) return python

  say('Installing the Python packages of requirements.txt; they are kept for the next time.')
  await mkdir(cache, { recursive: true })
  // Created next to it, then renamed: two tests may run at once, and an interrupted one must leave no half environment.
  const made = await mkdtemp(join(cache, '.venv-'))
  try {
    await tool.install(made, [...(text.trim() ? ['-r', requirements] : []), EVAL_PROTOCOL])
    await writeFile(join(made, 'installed'), text)
    await rename(made, home).catch(async (error) => {
      if (!(await exists(join(home, 'installed')))) throw error
    })
    return python
  } finally {
    await rm(made, { recursive: true, force: true })
  }
}

interface Tool {
  /** The version of the Python that it will use. */
  readonly identity: string
  install(venv: string, packages: readonly string[]): Promise<void>
}

/** uv, which is faster and installs a Python if there is none; else the Python on this machine. */
async function findTool({ env, signal, onText }: PythonOptions): Promise<Tool> {
  const run = async (command: string, args: readonly string[]): Promise<void> => {
    const { code, text } = await runChild(command, args, { env, signal, onText })
    if (code === 0) return
    if (signal.aborted) throw new EvaluatorUploadError('FW_ABORTED', 'Interrupted.')
    throw new EvaluatorUploadError(
      'FW_SOURCE',
      `The packages of requirements.txt can't be installed: ${lastError(text)}`,
      {
        hint: 'Fix requirements.txt, or check that PyPI can be reached. --verbose shows the whole output.',
      },
    )
  }
  const uv = await runChild('uv', ['--version'], { env, signal })
  const found = await findPython(env, signal)
  if (uv.code === 0) {
    const wanted = found?.path ?? '>=3.10'
    return {
      identity: `uv ${found?.version ?? ''}`,
      async install(venv, packages) {
        await run('uv', ['venv', '--allow-existing', '--python', wanted, venv])
        await run('uv', ['pip', 'install', '--python', join(venv, ...PYTHON), ...packages])
      },
    }
  }
  if (!found) {
    throw new EvaluatorUploadError(
      'FW_CONFIG',
      'There is no Python 3.10 or later, which runs an evaluator.',
      {
        hint: 'Install Python from https://www.python.org, or uv, which brings it: https://docs.astral.sh/uv.',
      },
    )
  }
  return {
    identity: found.version,
    async install(venv, packages) {
      await run(found.path, ['-m', 'venv', venv])
      const pip = ['-m', 'pip', 'install', '--disable-pip-version-check', '--no-input']
      await run(join(venv, ...PYTHON), [...pip, ...packages])
    },
  }
}

async function findPython(
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<{ version: string; path: string } | undefined> {
  for (const name of NAMES) {
    const { code, text } = await runChild(name, ['-c', CHECK_VERSION], { env, signal })
    const [, version, path] = /^(\d+\.\d+) (.+)$/m.exec(text) ?? []
    if (code === 0 && version && path) return { version, path: path.trim() }
  }
  return undefined
}

function cacheFolder(env: NodeJS.ProcessEnv): string {
  const home = homedir()
  if (process.platform === 'win32') return join(env.LOCALAPPDATA ?? home, 'fw-evaluator', 'cache')
  if (process.platform === 'darwin') return join(home, 'Library', 'Caches', 'fw-evaluator')
  return join(env.XDG_CACHE_HOME || join(home, '.cache'), 'fw-evaluator')
}

/** The line of pip or uv with the reason. */
function lastError(text: string): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  const error = lines.findLast((line) => /^\s*(ERROR|error|×)/.test(line)) ?? lines.at(-1)
  return error?.replace(/^\s*(ERROR:|error:|×)\s*/, '').trim() ?? 'it printed nothing.'
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
