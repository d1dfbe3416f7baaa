/**
 * Checks a dataset as eval-protocol reads it: JSONL in UTF-8, one row per line. One row that it cannot read ends its
 * whole run.
 *
 * @param bytes The bytes of the file.
 * @throws Error with the problem and its line.
 * @example
 * ```ts
 * checkRows(await readFile('rows.jsonl'))
 * ```
 */
export function checkRows(bytes: Uint8Array): void {
  let number = 0
  let count = 0
  for (const line of linesOf(bytes)) {
    number++
    if (isBlank(line)) continue
    count++
    const problem = problemOf(line)
    if (problem !== undefined) throw new Error(`Line ${number} ${problem}.`)
  }
  if (count === 0) throw new Error('There is no row in it.')
}

const LINE_FEED = 10
const BYTE_ORDER_MARK = '\ufeff'

/** Lines as in Python: a carriage return ends one too. `undefined` for a line that is not UTF-8. */
function* linesOf(bytes: Uint8Array): Generator<string | undefined> {
  // Line by line, because a dataset may be longer than a string can be.
  for (let start = 0; start < bytes.length; ) {
    const found = bytes.indexOf(LINE_FEED, start)
    const end = found === -1 ? bytes.length : found
    const text = decode(bytes.subarray(start, end))
    yield* text === undefined ? [text] : text.replace(/\r$/, '').split('\r')
    start = end + 1
  }
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}

/** A byte order mark is white space in JavaScript, but not in Python. */
function isBlank(line: string | undefined): boolean {
  return line?.trim() === '' && !line.includes(BYTE_ORDER_MARK)
}

function problemOf(line: string | undefined): string | undefined {
  if (line === undefined) return 'is no UTF-8'
  if (line.startsWith(BYTE_ORDER_MARK))
    return 'begins with a byte order mark, which eval-protocol does not read: save the file as UTF-8 without it'
  const row = parse(line)
  if (!isObject(row)) return 'is no JSON object'
  if (!('messages' in row)) return undefined
  if (!Array.isArray(row.messages)) return 'has messages that are no list'
  return row.messages.every(isMessage)
    ? undefined
    : 'has a message that is none: it needs a role, and a content that is a text, a list or null'
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

function isMessage(value: unknown): boolean {
  if (!isObject(value) || !('role' in value) || typeof value.role !== 'string') return false
  const content = 'content' in value ? value.content : null
  return typeof content === 'string' || Array.isArray(content) || content === null
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
