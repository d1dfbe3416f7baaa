import { cpSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmulator } from '@fw/evaluator-emulator'
import { spawn } from '@lydell/node-pty'
import xterm from '@xterm/headless'
import { ROOT } from './markdown.ts'

/** A piece of a line with one style. */
export interface Piece {
  readonly text: string
  /** 0 to 15 of the terminal's palette; missing: the default colour. */
  readonly colour?: number
  readonly isBold: boolean
  readonly isDim: boolean
}

/** Columns of the terminal. */
export const COLUMNS = 84
const ROWS = 40
const DASHBOARD = 'https://app.fireworks.ai/dashboard/evaluators/js-scorer'

/**
 * Records a real build: `vite build` of examples/js-scorer, with an emulator. It runs on a pseudo-terminal, because
 * Vite and the plugin print colours only there, and in a copy of the example, because `pnpm demo` or a test may build
 * the original at the same time.
 */
export async function recordBuild(): Promise<Piece[][]> {
  await using emulator = await startEmulator()
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'fw-terminal-')))
  try {
    const example = `${ROOT}examples/js-scorer`
    const dir = join(root, 'examples/js-scorer')
    const isSource = (path: string) => !/[\\/](node_modules|dist|\.turbo|\.fw-report\.json)$/.test(path)
    cpSync(example, dir, { recursive: true, filter: isSource })
    // The tsconfig.json of the example extends this one.
    cpSync(`${ROOT}tsconfig.base.json`, join(root, 'tsconfig.base.json'))
    symlinkSync(join(example, 'node_modules'), join(dir, 'node_modules'), 'junction')
    const env = {
      PATH: process.env.PATH ?? '',
      TERM: 'xterm-256color',
      HOME: root,
      USERPROFILE: root,
      ...emulator.env,
    }
    return await record([join(dir, 'node_modules/vite/bin/vite.js'), 'build'], dir, env)
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
}

async function record(args: string[], cwd: string, env: Record<string, string>): Promise<Piece[][]> {
  const screen = new xterm.Terminal({ cols: COLUMNS, rows: ROWS, allowProposedApi: true })
  const child = spawn(process.execPath, args, { cwd, env, cols: COLUMNS, rows: ROWS })
  let printed = ''
  child.onData((data) => {
    printed += data
  })
  const code = await new Promise<number>((resolve) => child.onExit(({ exitCode }) => resolve(exitCode)))
  // Readers upload to the service, so the link leads to the dashboard and not to the emulator's page.
  const shown = printed.replace(/http:\/\/127\.0\.0\.1:\d+\//, DASHBOARD)
  await new Promise<void>((resolve) => screen.write(shown, resolve))
  if (code !== 0) throw new Error(`The build failed:\n${printed}`)
  return linesOf(screen)
}

function linesOf({ buffer }: xterm.Terminal): Piece[][] {
  const lines: Piece[][] = []
  for (let row = 0; row < buffer.active.length; row++) {
    const pieces: Piece[] = []
    const line = buffer.active.getLine(row)
    for (let column = 0; column < COLUMNS; column++) {
      const cell = line?.getCell(column)
      if (!cell || cell.getWidth() === 0) continue
      const piece = {
        text: cell.getChars() || ' ',
        ...(cell.isFgPalette() && { colour: cell.getFgColor() }),
        isBold: cell.isBold() !== 0,
        isDim: cell.isDim() !== 0,
      }
      const last = pieces.at(-1)
      if (last && looks(last) === looks(piece))
        pieces.splice(-1, 1, { ...last, text: last.text + piece.text })
      else pieces.push(piece)
    }
    const end = pieces.at(-1)
    if (end) pieces.splice(-1, 1, { ...end, text: end.text.trimEnd() })
    lines.push(pieces.filter(({ text }) => text !== ''))
  }
  while (lines.at(-1)?.length === 0) lines.pop()
  return lines
}

function looks({ colour, isBold, isDim }: Omit<Piece, 'text'>): string {
  return `${colour} ${isBold} ${isDim}`
}
