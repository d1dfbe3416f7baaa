import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { type Emulator, type EmulatorOptions, startEmulator } from '@fw/evaluator-emulator'
import { expect, onTestFinished, vi } from 'vitest'
import {
  EvaluatorUploadError,
  type ProgressEvent,
  type UploadOptions,
  uploadEvaluator,
} from '../src/index.ts'

/** Every error of every test is searched for it. */
export const MARKER_KEY = 'fw_MARKERKEY_7f3a9c'

/** An evaluator as small as one can be. */
export const SOURCE = {
  files: {
    'test_scorer.py': '@evaluation_test()\ndef test_scorer(row):\n    return row\n',
    'requirements.txt': 'eval-protocol\n',
    'scorer.js': 'export const score = () => 1\n',
  },
}

/** Quick enough that a test of five attempts takes no second. */
const QUICK = { attempts: 3, baseDelayMs: 1, maxDelayMs: 5 }

export interface Bench {
  readonly emulator: Emulator
  readonly events: ProgressEvent[]
  /** Uploads the smallest evaluator, with `options` in place of the usual ones. */
  upload(options?: Partial<UploadOptions>): ReturnType<typeof uploadEvaluator>
  /** The error of an upload that must fail, searched for secrets, with nothing temporary left. */
  uploadFails(options?: Partial<UploadOptions>): Promise<EvaluatorUploadError>
  /** Names of what is in the temporary folder. */
  temporaries(): Promise<string[]>
}

/** An emulator of its own, a temporary folder of its own, a home without auth.ini. All gone with the test. */
export async function bench(emulatorOptions: EmulatorOptions = {}): Promise<Bench> {
  const folder = await mkdtemp(join(tmpdir(), 'fw-bench-'))
  const cache = await mkdtemp(join(tmpdir(), 'fw-cache-'))
  vi.stubEnv('TMPDIR', folder)
  vi.stubEnv('HOME', folder)
  // Else the commit that this runs at would be a field of the evaluator.
  vi.stubEnv('GITHUB_SHA', 'c0de'.repeat(10))
  vi.stubEnv('GITHUB_REPOSITORY', 'acme/evals')
  vi.stubEnv('XDG_CACHE_HOME', cache)
  const emulator = await startEmulator({ buildMs: 5, apiKey: MARKER_KEY, ...emulatorOptions })
  onTestFinished(async () => {
    await emulator.close()
    await Promise.all([folder, cache].map((dir) => rm(dir, { recursive: true, force: true })))
  })
  const events: ProgressEvent[] = []
  const upload: Bench['upload'] = (options = {}) =>
    uploadEvaluator({
      evaluatorId: 'my-evaluator',
      source: SOURCE,
      apiKey: emulator.apiKey,
      accountId: emulator.accountId,
      baseUrl: emulator.url,
      retry: QUICK,
      onProgress: (event) => events.push(event),
      ...options,
    })
  // The emulator runs in this process and keeps large archives in a folder of its own.
  const temporaries = async () => (await readdir(folder)).filter((name) => !name.startsWith('fw-emulator-'))
  return {
    emulator,
    events,
    upload,
    temporaries,
    async uploadFails(options) {
      const error: unknown = await upload(options).then(
        (result) => expect.fail(`it went well: ${result.outcome}`),
        (error: unknown) => error,
      )
      if (!(error instanceof EvaluatorUploadError)) throw error
      expectNoSecrets(error, events)
      expect(await temporaries()).toEqual([])
      return error
    },
  }
}

/** A key, a signature (512 hex digits with RSA) or a signed query in any depth of what a user may see. */
export function expectNoSecrets(...things: unknown[]): void {
  for (const thing of things) {
    const stack = thing instanceof Error ? thing.stack : ''
    const seen = `${inspect(thing, { depth: Number.POSITIVE_INFINITY, showHidden: true })} ${JSON.stringify(thing)} ${stack}`
    expect(seen).not.toContain(MARKER_KEY)
    expect(seen).not.toContain('MARKERSIGNATURE')
    expect(seen).not.toMatch(/[0-9a-f]{128}/i)
    expect(seen).not.toMatch(/X-Goog-(Signature|Credential)=(?!\[redacted\])/i)
  }
}
