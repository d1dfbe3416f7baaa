import type { ChildProcess } from 'node:child_process'
import { abortError } from '../deadline.ts'
import { EvaluatorUploadError } from '../errors.ts'
import type { FileFlaw } from './evaluation-tests.ts'
import { fileOf, type SourceEntry } from './read-entry.ts'

/** Python compiles some 10 MB a second. What it has not judged by then goes through. */
const TIME_LIMIT_MS = 5000
const MAX_NAMED = 5

/**
 * Compiles each file, and runs none. A line of its input is a file: its number, and its path or its bytes in base64. A
 * line of its output is one that can't be compiled; the last names the version. A Python older than eval-protocol's
 * oldest judges nothing, nor does one that gives up on a file for want of memory or depth.
 */
const SCRIPT = `
import binascii, json, sys
if sys.version_info < (3, 10): sys.exit(0)
def say(**what): sys.stdout.write(json.dumps(what) + "\\n"); sys.stdout.flush()
for line in sys.stdin.buffer:
    number, path, text = json.loads(line)
    try:
        if path is None: data = binascii.a2b_base64(text)
        else:
            with open(path if sys.platform == "win32" else path.encode(), "rb") as file: data = file.read(1 << 22)
            if len(data) == 1 << 22: continue
        compile(data, "file", "exec", dont_inherit=True)
    except SyntaxError as error: say(number=number, line=error.lineno or 1, message=str(error.msg))
    except ValueError as error: say(number=number, line=1, message=str(error))
    except Exception: pass
say(version=sys.version.split()[0])
`

/**
 * Whether all Python of a source can be parsed: by the `python3` on PATH, else as far as our own reader is sure.
 * @throws FW_SOURCE with file and line, FW_ABORTED
 */
export async function checkSyntax(
  entries: readonly SourceEntry[],
  flaws: readonly FileFlaw[],
  dir: string,
  signal?: AbortSignal,
): Promise<void> {
  const scripts = entries.filter(({ path }) => path.endsWith('.py'))
  if (scripts.length === 0) return
  const output = await runPython(scripts, dir, signal)
  if (signal?.aborted) throw abortError(signal)
  const verdict = readVerdict(output, scripts)
  const found = verdict ? verdict.flaws : flaws
  if (found.length > 0) throw syntaxError(found, verdict?.version)
}

function syntaxError(flaws: readonly FileFlaw[], version: string | undefined): EvaluatorUploadError {
  const named = flaws.slice(0, MAX_NAMED).map(({ path, line, message }) => `${path}:${line} (${message})`)
  const rest = flaws.length > MAX_NAMED ? ` and ${flaws.length - MAX_NAMED} more` : ''
  const by = version ? `, as Python ${version} on this machine says` : ''
  return new EvaluatorUploadError('FW_SOURCE', `Python can't parse ${named.join(', ')}${rest}${by}`, {
    hint: 'Fix the file, or leave it out with `exclude`.',
  })
}

interface Verdict {
  readonly flaws: FileFlaw[]
  readonly version: string | undefined
}

/** Undefined where no Python said anything. */
function readVerdict(output: string, scripts: readonly SourceEntry[]): Verdict | undefined {
  const flaws: FileFlaw[] = []
  let version: string | undefined
  // What follows the last line end was cut off by the time limit.
  for (const text of output.split('\n').slice(0, -1)) {
    const said: unknown = JSON.parse(text)
    if (typeof said !== 'object' || said === null) continue
    if ('version' in said) version = String(said.version)
    if (!('number' in said && 'line' in said && 'message' in said)) continue
    const path = scripts[Number(said.number)]?.path
    if (path !== undefined) flaws.push({ path, line: Number(said.line), message: String(said.message) })
  }
  return version === undefined && flaws.length === 0 ? undefined : { flaws, version }
}

/** What it wrote; nothing where there is none, or none that may be started. */
async function runPython(
  scripts: readonly SourceEntry[],
  dir: string,
  signal: AbortSignal | undefined,
): Promise<string> {
  const { spawn } = await import('node:child_process')
  const input = scripts.map(({ path, content }, number) =>
    JSON.stringify(
      content instanceof Uint8Array
        ? [
            number,
            null,
            Buffer.from(content.buffer, content.byteOffset, content.byteLength).toString('base64'),
          ]
        : [number, fileOf(path, content), null],
    ),
  )
  return new Promise((resolve) => {
    let output = ''
    let child: ChildProcess
    const end = (): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', kill)
      resolve(output)
    }
    const kill = (): void => {
      child.kill('SIGKILL')
    }
    const timer = setTimeout(() => kill(), TIME_LIMIT_MS)
    try {
      // -I and -S: neither the folder it starts in, nor variables, nor installed packages have a say.
      child = spawn('python3', ['-I', '-S', '-W', 'ignore', '-c', SCRIPT], {
        cwd: dir,
        stdio: ['pipe', 'pipe', 'ignore'],
        windowsHide: true,
      })
    } catch {
      // Where a process may start no other, as with --permission.
      return end()
    }
    child.on('error', end)
    child.on('close', end)
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
    // It may end without having read all.
    child.stdin?.on('error', () => {})
    child.stdin?.end(input.join('\n'))
    signal?.addEventListener('abort', kill, { once: true })
    if (signal?.aborted) kill()
  })
}
