import { basename, join } from 'node:path'
import type { components } from '@fw/openapi'
import type { Blob } from './blobs.ts'

type Evaluator = components['schemas']['gatewayEvaluator']
type Status = components['schemas']['gatewayStatus']

/** The state of an evaluator. BUILDING: it waits for its archive, or is built. */
export type EvaluatorState = 'BUILDING' | 'ACTIVE' | 'BUILD_FAILED'

/** Fields that a client may write. */
export type EvaluatorFields = Omit<
  Evaluator,
  'name' | 'createTime' | 'createdBy' | 'updateTime' | 'state' | 'status'
>

/** An evaluator in the emulator. */
export interface EvaluatorRecord {
  id: string
  fields: EvaluatorFields
  createTime: string
  updateTime: string
  state: EvaluatorState
  status: Status | null
  /**
   * Part of the object names of this upload. Each create and prepare has a new one, so that an old URL cannot reach
   * them.
   */
  uploadId: string
  /** The files of the last getUploadEndpoint, which validateUpload looks for: name → bytes, in decimal. */
  asked: Record<string, string>
  /** Set by validateUpload, until the build ends. */
  build: Build | null
  /** Path of the build log's object. */
  buildLog: string | null
}

/** A running build, and how it will end. */
export interface Build {
  result: 'succeeds' | 'fails' | 'never-ends'
  message: string
  log: string
}

export interface StoredObject {
  path: string
  blob: Blob
  generation: string
  contentType: string
  updated: string
}

/** The whole state of an emulator. */
export interface State {
  accountId: string
  apiKey: string
  privateKeyPem: string
  /** The last generation in use. */
  generation: number
  evaluators: Map<string, EvaluatorRecord>
  /** By path. */
  objects: Map<string, StoredObject>
}

/** The state in the file. */
export interface SavedState {
  version: 1
  accountId: string
  apiKey: string
  privateKeyPem: string
  generation: number
  evaluators: EvaluatorRecord[]
  objects: (Omit<StoredObject, 'blob'> & Omit<Blob, 'where'> & { file: string })[]
}

export function toSaved(state: State): SavedState {
  const { evaluators, objects, ...rest } = state
  return {
    version: 1,
    ...rest,
    evaluators: [...evaluators.values()],
    objects: [...objects.values()].flatMap(({ blob: { where, ...digest }, ...object }) =>
      'file' in where ? [{ ...object, ...digest, file: basename(where.file) }] : [],
    ),
  }
}

export function fromSaved({ version: _, ...saved }: SavedState, blobDir: string): State {
  return {
    ...saved,
    evaluators: new Map(saved.evaluators.map((record) => [record.id, record])),
    objects: new Map(
      saved.objects.map(({ size, md5, crc32c, file, ...object }) => [
        object.path,
        { ...object, blob: { size, md5, crc32c, where: { file: join(blobDir, file) } } },
      ]),
    ),
  }
}
