import { createHash } from 'node:crypto'
import { packEvaluator, type UploadResult } from '@fw/evaluator-core'
import type { Emulator } from '@fw/evaluator-emulator'
import { expect } from 'vitest'
import type { Ended, Fleet } from './fleet.ts'

/** What the command says of one evaluator of many. */
export type Row = { id: string } & (
  | { ok: true; result: UploadResult; error?: undefined }
  | { ok: false; result?: undefined; error: { code: string; message: string } }
)

/** The rows of the command's document; a run that has none has failed in another way. */
export function rowsOf({ stdout, stderr }: Ended): Row[] {
  try {
    return JSON.parse(stdout).result.evaluators
  } catch {
    throw new Error(`The run gave no document:\n${stdout}\n${stderr}`)
  }
}

/** Whoever was told that an evaluator is there may rely on it: the service holds the bytes that its folder packs into. */
export async function expectStored(
  emulator: Emulator,
  id: string,
  dir: string,
  { archive }: UploadResult,
): Promise<void> {
  const packed = await packEvaluator({ evaluatorId: id, source: { dir } })
  await packed.dispose()
  expect(archive.sha256, id).toBe(packed.sha256)
  const [file] = emulator.evaluators.get(id)?.files ?? []
  const stored = createHash('sha256').update((await file?.bytes()) ?? '')
  expect(stored.digest('hex'), `${id}: what is stored`).toBe(packed.sha256)
}

/** Holds what a run says against its exit code and the service, and counts its outcomes. */
export async function expectTrue(
  run: Ended,
  { emulator, fleet, counts }: { emulator: Emulator; fleet: Fleet; counts: Map<string, number> },
): Promise<void> {
  const rows = rowsOf(run)
  expect(run.code, run.stderr).toBe(rows.every(({ ok }) => ok) ? 0 : 1)
  for (const { id, ok, result, error } of rows) {
    const what = ok ? result.outcome : error.code
    counts.set(what, (counts.get(what) ?? 0) + 1)
    expect(what, JSON.stringify(error)).not.toBe('FW_INTERNAL')
    if (ok) await expectStored(emulator, id, fleet.folder(id), result)
  }
}
