import { EvaluatorUploadError } from '../errors.ts'
import { formsOfKey, MIN_KEY_BYTES } from './key-forms.ts'
import { PRIVATE_KEY_RULE, privateKeys, SERVICE_ACCOUNT_RULE, TOKEN_RULES } from './secret-rules.ts'
import { mayHoldToken } from './token-prefixes.ts'
import { eachTokenRun, MIN_RUN, startOfRun } from './token-runs.ts'

/** Looks for secrets in files that arrive in pieces: each byte is read once, while it is packed. */
export interface SecretScan {
  /** The next piece of the file at `path`; throws FW_SECRET where the key in use ends in it. */
  piece(path: string, bytes: Uint8Array): void
  /** The file is over: a secret does not reach from one file into the next. */
  endOfFile(): void
  /** All files are over: throws FW_SECRET where some hold what looks like a secret. */
  end(lineAt: (path: string, offset: number) => number): void
}

interface Finding {
  readonly rule: string
  readonly path: string
  /** In bytes from the start of the file. */
  readonly offset: number
}

/** Kept of each piece for the next one. What makes a token or key certain stands within as many bytes. */
const OVERLAP_BYTES = 1024
const AROUND_BYTES = 500
const LONG_RUN_BYTES = 512
const NAMED_FINDINGS = 20
/** The longest header before {@link KEY_MARK}, and the longest key that is read. */
const HEADER_BYTES = 40
const KEY_BYTES = 8192
/** Short enough for the fast search of Node, and rare. */
const KEY_MARK = Buffer.from('PRIVA')

/** Throws FW_SECRET where a path itself has the key in it. */
export function checkPathsForSecret(paths: readonly string[], key: string | undefined): void {
  if (key === undefined || key.length < MIN_KEY_BYTES) return
  const path = paths.find((candidate) => candidate.includes(key))
  if (path !== undefined) throw keyFound(`${path.replaceAll(key, '[key]')}, by its name,`, '')
}

/** `isAllowed` says which paths may look like secrets; the key in use is sought in all. */
export function createSecretScan(
  key: string | undefined,
  isAllowed: (path: string) => boolean = () => false,
): SecretScan {
  const forms = formsOfKey(key ?? '')
  const overlap = Math.max(OVERLAP_BYTES, forms.longest)
  const space = Buffer.alloc(2 * overlap)
  const findings = new Map<string, Finding>()
  /** The end of what came of the file is in `space`, this long. */
  let kept = 0
  /** How many bytes of the file came. */
  let seen = 0
  let isExempt = false
  let file = ''

  function report(rule: string, offset: number): void {
    findings.set(`${offset} ${rule} ${file}`, { rule, path: file, offset })
  }

  /** Looks through bytes that begin at `from` of the file. */
  function search(bytes: Buffer, from: number): void {
    refuseKey(forms.find(bytes))
    eachTokenRun(bytes, (start, end) => {
      refuseKey(forms.findInRun(bytes, start, end))
      // A run that was cut is left to whoever has the other side; nobody has one that is longer than what is kept.
      const isWhole = (start > 0 || from === 0) && end < bytes.length
      if ((isWhole || end - start > LONG_RUN_BYTES) && !isExempt && mayHoldToken(bytes, start, end))
        examine(bytes, start, end, from)
    })
    if (!isExempt) searchKeys(bytes, from)
  }

  function refuseKey(found: string | undefined): void {
    if (found !== undefined) throw keyFound(file, found)
  }

  function examine(bytes: Buffer, start: number, end: number, from: number): void {
    const first = Math.max(0, start - AROUND_BYTES)
    const around = bytes.toString('latin1', first, end + AROUND_BYTES)
    for (const { name, pattern, isReal } of TOKEN_RULES) {
      for (const match of around.matchAll(pattern)) {
        const at = first + match.index
        if (at >= start - 1 && at < end && (isReal?.(match, around) ?? true)) report(name, from + at)
      }
    }
  }

  /** Many texts speak of private keys, and few have a header of one. */
  function searchKeys(bytes: Buffer, from: number): void {
    for (let at = bytes.indexOf(KEY_MARK); at >= 0; at = bytes.indexOf(KEY_MARK, at + 1)) {
      const first = Math.max(0, at - HEADER_BYTES)
      if (!bytes.toString('latin1', first, at).includes('-----BEGIN ')) continue
      const text = bytes.toString('latin1', first, at + KEY_BYTES)
      for (const header of privateKeys(text)) {
        const near = bytes.toString('latin1', Math.max(0, at - KEY_BYTES), at + KEY_BYTES)
        const { name } = near.includes('service_account') ? SERVICE_ACCOUNT_RULE : PRIVATE_KEY_RULE
        report(name, from + first + header)
      }
    }
  }

  /** The end of `piece` takes the place of what was kept. */
  function keep(piece: Buffer): void {
    const old = Math.min(kept, Math.max(0, overlap - piece.length))
    space.copyWithin(0, kept - old, kept)
    kept = old + piece.copy(space, old, Math.max(0, piece.length - overlap))
    seen += piece.length
  }

  return {
    piece(path, bytes) {
      const piece = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
      if (seen === 0) {
        file = path
        isExempt = isAllowed(path)
      }
      if (kept > 0) {
        const more = piece.copy(space, kept, 0, overlap)
        search(space.subarray(0, kept + more), seen - kept)
      }
      if (kept === 0 || piece.length > overlap) search(piece, seen)
      keep(piece)
    },
    endOfFile() {
      const start = startOfRun(space, kept)
      const isWhole = start > 0 || seen === kept
      if (!isExempt && isWhole && kept - start >= MIN_RUN && mayHoldToken(space, start, kept)) {
        examine(space.subarray(0, kept), start, kept, seen - kept)
      }
      kept = 0
      seen = 0
    },
    end(lineAt) {
      if (findings.size > 0) throw secretsFound([...findings.values()], lineAt)
    },
  }
}

function keyFound(subject: string, how: string): EvaluatorUploadError {
  const form = how && `, ${how}`
  return new EvaluatorUploadError(
    'FW_SECRET',
    `${subject} contains the API key that this upload would use${form}`,
    {
      hint: 'Take the key out of the file and read it from the environment, or leave the file out with `exclude`. If the file was ever shared, revoke the key.',
    },
  )
}

function secretsFound(
  findings: readonly Finding[],
  lineAt: (path: string, offset: number) => number,
): EvaluatorUploadError {
  const named = findings
    .slice(0, NAMED_FINDINGS)
    .map(({ path, offset, rule }) => `${path}, line ${lineAt(path, offset)} (${rule})`)
  const more = findings.length > NAMED_FINDINGS ? `; and ${findings.length - NAMED_FINDINGS} more` : ''
  return new EvaluatorUploadError(
    'FW_SECRET',
    `The source holds what looks like a secret: ${named.join('; ')}${more}`,
    {
      hint: 'Take it out and read it from the environment, or leave the file out with `exclude`. If it is not a secret, as in a fixture, name the file in `allowSecrets`. If it was ever shared, revoke it.',
    },
  )
}
