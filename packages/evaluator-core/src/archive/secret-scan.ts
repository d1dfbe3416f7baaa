import { EvaluatorUploadError } from '../errors.ts'

/** A shorter text is no key, and would be found everywhere. */
const MIN_SECRET_BYTES = 8

/** Looks for a key in files that arrive in pieces. */
export interface SecretScan {
  /** The next piece of the file at `path`; throws FW_SECRET where the key ends in it. */
  piece(path: string, bytes: Uint8Array): void
  /** The file is over: a key does not reach from one file into the next. */
  endOfFile(): void
}

/** Throws FW_SECRET where a path itself has the key in it. */
export function checkPathsForSecret(paths: readonly string[], secret: string | undefined): void {
  if (secret === undefined || secret.length < MIN_SECRET_BYTES) return
  const path = paths.find((candidate) => candidate.includes(secret))
  if (path !== undefined) throw found(`${path.replaceAll(secret, '[key]')}, by its name,`)
}

export function createSecretScan(secret: string | undefined): SecretScan {
  const needle = Buffer.from(secret ?? '')
  if (needle.length < MIN_SECRET_BYTES) return { piece() {}, endOfFile() {} }
  const overlap = needle.length - 1
  let tail: Buffer = Buffer.alloc(0)
  return {
    piece(path, bytes) {
      const piece = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
      const isSplit = tail.length > 0 && Buffer.concat([tail, piece.subarray(0, overlap)]).includes(needle)
      if (isSplit || piece.includes(needle)) throw found(path)
      tail =
        piece.length >= overlap
          ? Buffer.from(piece.subarray(piece.length - overlap))
          : Buffer.concat([tail, piece]).subarray(-overlap)
    },
    endOfFile() {
      tail = Buffer.alloc(0)
    },
  }
}

function found(subject: string): EvaluatorUploadError {
  return new EvaluatorUploadError('FW_SECRET', `${subject} contains the API key that this upload would use`, {
    hint: 'Take the key out of the file and read it from the environment, or leave the file out with `exclude`. If the file was ever shared, revoke the key.',
  })
}
