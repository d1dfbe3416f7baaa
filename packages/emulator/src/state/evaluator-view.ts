import { readBlob } from './blobs.ts'
import { toResource } from './resource.ts'
import type { EvaluatorRecord, EvaluatorState } from './state.ts'
import { objectPath, type World } from './world.ts'

/** The present state of an evaluator. */
export interface EvaluatorView {
  id: string
  state: EvaluatorState
  /** The answer of a GET. */
  resource: Readonly<Record<string, unknown>>
  /** True from an accepted validateUpload to the end of the build. */
  building: boolean
  /** The uploaded files. */
  files: UploadedFile[]
  /** The text of the last build's log; undefined before there is one. */
  buildLog(): Promise<string | undefined>
}

/** A file in the store. */
export interface UploadedFile {
  name: string
  /** Bytes. */
  size: number
  /** Hex. */
  md5: string
  /** The bytes that were sent. */
  bytes(): Promise<Buffer>
}

/** The evaluators of an emulator. */
export interface Evaluators {
  /** `undefined` if there is no such evaluator. */
  get(id: string): EvaluatorView | undefined
  /** All evaluators. */
  list(): EvaluatorView[]
}

export function createInspector(world: World): Evaluators {
  const view = (record: EvaluatorRecord): EvaluatorView => ({
    id: record.id,
    state: record.state,
    resource: toResource(world.state, record),
    building: record.build !== null,
    files: Object.keys(record.asked).flatMap((name) => {
      const blob = world.state.objects.get(objectPath(world.state.accountId, record, name))?.blob
      return blob ? [{ name, size: blob.size, md5: blob.md5, bytes: () => readBlob(blob) }] : []
    }),
    async buildLog() {
      const object = record.buildLog === null ? undefined : world.state.objects.get(record.buildLog)
      return object && (await readBlob(object.blob)).toString('utf8')
    },
  })
  return {
    get(id) {
      const record = world.state.evaluators.get(id)
      return record && view(record)
    },
    list: () => [...world.state.evaluators.values()].map(view),
  }
}
