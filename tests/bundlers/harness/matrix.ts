import { availableParallelism, loadavg } from 'node:os'
import { type Emulator, startEmulator } from '@fw/evaluator-emulator'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { archiveOf } from './archive.ts'
import type { Cell } from './cell.ts'
import { binOf, createProject } from './project.ts'
import { run, uploadsOf } from './running.ts'

/** A bundler at one version. */
export interface Lane {
  /** As the table shows it. */
  label: string
  /** What the version that runs must be, so that no two lanes lead to the same one unseen. */
  version: string
  /** Name that projects import → package of this workspace. */
  packages: Record<string, string>
  /** `probe.mjs` of every project: prints `measured <version>`, as the bundler itself tells it. */
  probe: string
  /** What runs the scripts. Default: this Node. */
  node?: string
}

/** What a cell leaves for the table. */
export interface Measured {
  lane: string
  version: string
  uploads: number
  /** Milliseconds from the service's last answer to the end of the process. */
  exitAfterMs?: number
}

/**
 * Milliseconds within which a process must be gone after the service's last answer. It takes some 40 where nothing else
 * runs; a socket or timer that was left open takes seconds. On a machine with more to do than cores all takes longer.
 */
function exitLimitMs(): number {
  const [load = 0] = loadavg()
  return 1000 * Math.max(1, load / availableParallelism())
}

/** A test for every cell, against one emulator. */
export function matrix(lane: Lane, cells: readonly Cell[]): void {
  describe(lane.label, () => {
    let emulator: Emulator
    const lastAnswer = new Map<string | undefined, number>()
    beforeAll(async () => {
      emulator = await startEmulator({ buildMs: 1 })
      emulator.on('response', (entry) => lastAnswer.set(entry.evaluatorId, performance.now()))
    })
    afterAll(() => emulator.close())

    for (const [index, cell] of cells.entries()) {
      test(cell.name, async ({ task }) => {
        const evaluatorId = `cell-${index}`
        await using project = await createProject({ 'probe.mjs': lane.probe, ...cell.files }, lane.packages)
        const env = {
          PATH: process.env.PATH,
          HOME: project.dir,
          ...emulator.env,
          EVALUATOR_ID: evaluatorId,
          ...cell.env,
        }
        const start = { dir: project.dir, env, evaluatorId, emulator }
        const [last = [], ...earlier] = cell.run
          .map((command) => resolveCommand(lane, project.dir, command))
          .reverse()
        for (const command of earlier.reverse()) {
          const ended = await run({ ...start, command })
          expect(ended.code, ended.output).toBe(0)
        }
        const ended = await run({ ...start, command: last }, cell.drive)

        const version = /measured (\S+)/.exec(ended.output)?.[1] ?? 'none'
        const uploads = uploadsOf(emulator, evaluatorId)
        const measured: Measured = { lane: lane.label, version, uploads }
        const answeredAt = lastAnswer.get(evaluatorId)
        if (answeredAt !== undefined && !cell.drive) measured.exitAfterMs = Math.round(ended.at - answeredAt)
        Object.assign(task.meta, { measured })

        expect(version, ended.output).toBe(lane.version)
        expect(uploads, ended.output).toBe(cell.uploads)
        for (const [ending, count] of Object.entries(cell.others ?? {})) {
          expect(uploadsOf(emulator, evaluatorId + ending), ended.output).toBe(count)
        }
        if (!cell.drive) expect(ended.code, ended.output).toBe(cell.exit ?? 0)
        for (const pattern of cell.prints ?? []) expect(ended.output).toMatch(pattern)
        for (const pattern of cell.printsNot ?? []) expect(ended.output).not.toMatch(pattern)
        if (cell.entries) {
          const entries = [...(await archiveOf(emulator, evaluatorId)).keys()]
          expect(entries, ended.output).toEqual(
            cell.entries.map((entry) => (typeof entry === 'string' ? entry : expect.stringMatching(entry))),
          )
        }
        expect(measured.exitAfterMs ?? 0, ended.output).toBeLessThan(exitLimitMs())
      })
    }
  })
}

function resolveCommand(lane: Lane, dir: string, [program = '', ...rest]: readonly string[]): string[] {
  const node = lane.node ?? process.execPath
  return program === 'node' ? [node, ...rest] : [node, binOf(dir, program), ...rest]
}
