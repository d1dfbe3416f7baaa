import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { Emulator } from '@fw/evaluator-emulator'

/** A command under way in a project. */
export interface Running {
  readonly evaluatorId: string
  /** Resolves when all that was printed so far matches; rejects when the process ends without it. */
  printed(pattern: RegExp): Promise<void>
  /** Resolves with the `count`th stored archive of the evaluator. */
  uploaded(count: number): Promise<void>
  /**
   * Writes a file of the project until `seen` has come of it: a watcher that has just built may not be watching yet,
   * and says nothing when it does.
   */
  edit(path: string, text: string, seen: Promise<void>): Promise<void>
}

export interface Ended {
  code: number | null
  signal: NodeJS.Signals | null
  /** stdout and stderr as they came. */
  output: string
  /** When it was gone, by performance.now(). */
  at: number
}

interface Start {
  dir: string
  command: readonly string[]
  env: NodeJS.ProcessEnv
  evaluatorId: string
  emulator: Emulator
}

const HAS_GROUPS = process.platform !== 'win32'

/** Esbuild's service may outlive a watcher that was killed, and would hold our ends of its pipes open. */
function endGroup({ pid }: ChildProcess): void {
  if (pid === undefined || !HAS_GROUPS) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // Nothing of the group is left.
  }
}

const DRIVE_WITHIN_MS = 20_000

/** Runs a command to its end; with `drive`, until that is through. */
export async function run(start: Start, drive?: (running: Running) => Promise<void>): Promise<Ended> {
  const { dir, command, env, evaluatorId, emulator } = start
  const [program = '', ...rest] = command
  const child = spawn(program, rest, {
    cwd: dir,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: drive !== undefined && HAS_GROUPS,
  })
  const output = collect(child)
  const exited = once(child, 'exit').then(() => performance.now())
  const closed = once(child, 'close')
  if (drive) {
    const gone = exited.then(() => {
      throw new Error(`The process ended early:\n${output.text()}`)
    })
    gone.catch(() => {})
    const running: Running = {
      evaluatorId,
      printed: (pattern) => Promise.race([output.matches(pattern), gone]),
      uploaded: async (count) => {
        while (uploadsOf(emulator, evaluatorId) < count) {
          await Promise.race([
            emulator.waitFor('response', (entry) => entry.evaluatorId === evaluatorId),
            gone,
          ])
        }
      },
      edit: async (path, text, seen) => {
        const timer = setInterval(() => writeFileSync(join(dir, path), text), 500)
        writeFileSync(join(dir, path), text)
        await seen.finally(() => clearInterval(timer))
      },
    }
    // Sooner than the test's own limit, which would not tell what was printed.
    const late = setTimeout(DRIVE_WITHIN_MS, undefined, { ref: false }).then(() => {
      throw new Error(`Waited in vain. Printed was:\n${output.text()}`)
    })
    try {
      await Promise.race([drive(running), late])
    } finally {
      late.catch(() => {})
      child.kill('SIGTERM')
      await exited
      endGroup(child)
    }
  }
  const at = await exited
  await closed
  return { code: child.exitCode, signal: child.signalCode, output: output.text(), at }
}

/** How many archives of the evaluator were stored and validated. */
export function uploadsOf(emulator: Emulator, evaluatorId: string): number {
  return emulator.requests.filter(
    (entry) =>
      entry.evaluatorId === evaluatorId && entry.step === 'validate' && entry.ended && entry.status === 200,
  ).length
}

function collect(child: ChildProcess): { text(): string; matches(pattern: RegExp): Promise<void> } {
  let text = ''
  const waiting = new Set<() => void>()
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
      for (const look of waiting) look()
    })
  }
  return {
    text: () => text,
    matches: (pattern) =>
      new Promise((resolve) => {
        const look = () => {
          if (!pattern.test(text)) return
          waiting.delete(look)
          resolve()
        }
        waiting.add(look)
        look()
      }),
  }
}
