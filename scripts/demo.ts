/**
 * Shows a complete upload in a fresh clone: a real `vite build` of examples/js-scorer, which ends with its evaluator
 * ACTIVE. It uses an emulator, whose state stays in `.demo/`, so that a second run finds nothing changed. With
 * FIREWORKS_API_KEY in the environment, it uses the real service.
 */
import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { styleText } from 'node:util'
import type { UploadResult } from '../packages/evaluator-core/src/index.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const example = `${root}examples/js-scorer`
const isReal = Boolean(process.env.FIREWORKS_API_KEY?.trim())

function run(command: string[], cwd: string, env: NodeJS.ProcessEnv, isQuiet: boolean): Promise<number> {
  const [name = '', ...args] = command
  const stdio = isQuiet ? 'pipe' : 'inherit'
  const child = spawn(name, args, { cwd, env, stdio, shell: process.platform === 'win32' })
  let printed = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (data) => (printed += data))
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => {
      if (code !== 0) process.stderr.write(printed)
      resolve(code ?? 1)
    })
  })
}

function row(label: string, ...values: string[]): void {
  console.log(`  ${styleText('dim', label.padEnd(10))}${values.filter(Boolean).join('  ')}`)
}

const heading = (text: string) => console.log(`\n${styleText('bold', text)}`)

const quietTurbo = { ...process.env, TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1' }
heading('Building the packages')
const build = [
  'turbo',
  'run',
  'build',
  '--filter=@fw-examples/js-scorer^...',
  '--filter=@fw/evaluator-emulator',
]
if ((await run(build, root, quietTurbo, true)) !== 0) process.exit(1)
row('done')

// By its path: a dependency of the workspace's root would be an input of every turbo task.
const { startEmulator }: typeof import('../packages/emulator/src/index.ts') = await import(
  new URL('../packages/emulator/dist/index.js', import.meta.url).href
)
const emulator = isReal ? undefined : await startEmulator({ dir: `${root}.demo`, buildMs: 400 })
heading(
  isReal
    ? 'Service: the real one, by your FIREWORKS_API_KEY'
    : `Service: an emulator on this machine, ${emulator?.url}`,
)
row('state', isReal ? 'your account' : '.demo/, kept for the next run')

heading('vite build, in examples/js-scorer')
const code = await run(['vite', 'build'], example, { ...process.env, ...emulator?.env }, false)

if (code === 0) {
  const report: UploadResult = JSON.parse(await readFile(`${example}/.fw-report.json`, 'utf8'))
  const { archive, outcome, evaluator, name } = report
  heading('The way it took')
  row('packed', `${archive.entries.length} files`, `${archive.size} bytes`, `sha256 ${archive.sha256}`)
  for (const { path, size } of archive.entries) row('', path.padEnd(24), `${size} bytes`)
  if (outcome === 'unchanged')
    row('unchanged', 'the service holds these bytes and fields already: nothing was sent')
  const put = emulator?.requests.find(({ step }) => step === 'put')
  if (outcome === 'uploaded') {
    row(
      'sent',
      put ? `${put.bytesReceived} bytes, PUT ${put.status}` : '',
      `md5 ${archive.md5}, as the store reports it`,
    )
    row('validated', 'the build began')
  }
  row(evaluator?.state ?? '', styleText('green', name))
  row('see', report.dashboardUrl)
}
await emulator?.close()
process.exitCode = code
