import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Emulator } from '../index.ts'

export interface SpawnedEmulator extends Pick<Emulator, 'url' | 'storeUrl' | 'apiKey' | 'accountId'> {
  process: ChildProcess
  /** Resolves with the exit code, or the signal that ended it. */
  ended: Promise<number | string | null>
}

const script = fileURLToPath(new URL('./emulator-process.ts', import.meta.url))

/** An emulator in its own process. */
export async function spawnEmulator(dir: string, buildMs: number): Promise<SpawnedEmulator> {
  const child = spawn(process.execPath, [script, dir, String(buildMs)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const ended = once(child, 'exit').then(([code, signal]) => signal ?? code)
  const lines = createInterface(child.stdout)
  const line = await Promise.race([once(lines, 'line').then(([text]) => text), ended])
  if (typeof line !== 'string' || !line.startsWith('{'))
    throw new Error(`The emulator ended at once: ${line}`)
  return { ...JSON.parse(line), process: child, ended }
}
