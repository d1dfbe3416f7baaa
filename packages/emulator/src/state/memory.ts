import { generateKeyPair, randomBytes } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { EmulatorSettings } from '../options.ts'
import { type BlobStorage, createBlobStorage } from './blobs.ts'
import { lockFolder } from './lock.ts'
import { createPersistence } from './persistence.ts'
import { fromSaved, type SavedState, type State, toSaved } from './state.ts'

/** The state of an emulator, in `dir` or in this process only. */
export interface Memory {
  readonly state: State
  readonly blobs: BlobStorage
  /** Resolves when all changes so far are safe from a kill. */
  save(): Promise<void>
  /** Resolves when everything that a client could have seen is saved. */
  saved(): Promise<void>
  close(): Promise<void>
}

/** @throws {Error} if `dir` is in use by another emulator, or cannot be used */
export async function openMemory(settings: EmulatorSettings): Promise<Memory> {
  const { dir } = settings
  if (dir === undefined) return open(settings, async () => {})
  await mkdir(dir, { recursive: true, mode: 0o700 })
  const unlock = await lockFolder(dir)
  return open(settings, unlock).catch(async (error: unknown) => {
    await unlock()
    throw error
  })
}

async function open(settings: EmulatorSettings, unlock: () => Promise<void>): Promise<Memory> {
  const { dir } = settings
  const blobDir = dir && join(dir, 'blobs')
  const blobs = createBlobStorage(blobDir)
  const persistence = createPersistence(dir, () => toSaved(state))
  const saved = await persistence.load()
  const state = saved && blobDir ? restored(saved, blobDir, settings) : await fresh(settings)
  await blobs.sweep([...state.objects.values()].map(({ blob }) => blob))
  await persistence.save()
  return {
    state,
    blobs,
    save: persistence.save,
    saved: persistence.settled,
    async close() {
      await persistence.settled().catch(() => {})
      await blobs.dispose()
      await unlock()
    },
  }
}

function restored(saved: SavedState, blobDir: string, { apiKey, accountId }: EmulatorSettings): State {
  const state = fromSaved(saved, blobDir)
  return { ...state, apiKey: apiKey ?? state.apiKey, accountId: accountId ?? state.accountId }
}

async function fresh({ apiKey = randomApiKey(), accountId = 'emulator' }: EmulatorSettings): Promise<State> {
  const privateKeyPem = await signingKey()
  return { accountId, apiKey, privateKeyPem, generation: 0, evaluators: new Map(), objects: new Map() }
}

let made: Promise<string> | undefined

/**
 * The key that signs URLs, as PEM. Created once in a process: it takes some hundred milliseconds, and tests start many
 * emulators.
 */
function signingKey(): Promise<string> {
  made ??= promisify(generateKeyPair)('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  }).then(({ privateKey }) => privateKey)
  return made
}

/** Random, so that a client notices if it uses the wrong emulator. */
function randomApiKey(): string {
  return `fw_emulator_${randomBytes(16).toString('hex')}`
}
