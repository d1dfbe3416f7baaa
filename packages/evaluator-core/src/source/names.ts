import { EvaluatorUploadError } from '../errors.ts'

const MAX_NAME_BYTES = 255

/** What a name must not be, where it is worth a closer look. */
const SUSPECT =
  /[^ -~]|[<>:"|?*\\\x7f]|[. ]$|^$|^\.\.?$|^(con|prn|aux|nul|conin\$|conout\$|com\d|lpt\d)(\.|$)/i

/** Every archive is unpacked somewhere: a name that a common filesystem cannot hold is refused before it is packed. */
export function checkNames(paths: readonly string[]): void {
  let checkedFolder: string | undefined
  for (const path of paths) {
    const slash = path.lastIndexOf('/')
    const folder = path.slice(0, Math.max(slash, 0))
    // Paths come sorted: the folder mostly is that of the path before.
    const names = folder === checkedFolder ? [path.slice(slash + 1)] : path.split('/')
    checkedFolder = folder
    const wrong = names.map(whatIsWrong).find((one) => one !== undefined)
    if (wrong === undefined) continue
    throw new EvaluatorUploadError('FW_SOURCE', `${printable(path)} cannot be packed: ${wrong}`, {
      hint: 'Rename the file, or leave it out with `exclude`.',
    })
  }
  checkCollisions(paths)
}

function whatIsWrong(name: string): string | undefined {
  if (!SUSPECT.test(name) && name.length <= MAX_NAME_BYTES) return undefined
  if (name === '' || name === '.' || name === '..') return 'it is not a plain path below the top folder'
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  const illegal = /[<>:"|?*\\\x00-\x1f\x7f]/.exec(name)?.[0]
  if (illegal !== undefined) return `${JSON.stringify(illegal)} is not allowed in file names on Windows`
  if (/[. ]$/.test(name)) return `${JSON.stringify(name)} ends in a dot or a space, which Windows drops`
  if (/^(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])(\.|$)/i.test(name)) {
    return `${JSON.stringify(name)} is a reserved name on Windows`
  }
  if (/\p{Surrogate}/u.test(name) || name.includes('\uFFFD')) return 'its name is not valid UTF-8'
  if (Buffer.byteLength(name) > MAX_NAME_BYTES) return `a name in it is over ${MAX_NAME_BYTES} bytes long`
  return undefined
}

/** Control characters would rearrange the terminal that the message is shown on. */
function printable(path: string): string {
  return JSON.stringify(path).slice(1, -1)
}

function checkCollisions(paths: readonly string[]): void {
  /** The paths by what a filesystem may make of them; most stand for themselves, and no string is made. */
  const files = new Map<string, string>()
  const folders = new Map<string, string>()
  for (const file of paths) {
    for (let path = file; path !== ''; path = path.slice(0, Math.max(path.lastIndexOf('/'), 0))) {
      const folded = path.normalize('NFC').toLowerCase()
      const otherFile = files.get(folded)
      const otherFolder = folders.get(folded)
      const other = otherFile ?? otherFolder
      if (other !== undefined && other !== path) throw collision(other, path)
      if (otherFile !== undefined || (otherFolder !== undefined && path === file)) throw fileAndFolder(path)
      // Its parents were looked at when it was seen first.
      if (otherFolder !== undefined) break
      if (path === file) files.set(folded, path)
      else folders.set(folded, path)
    }
  }
}

function collision(a: string, b: string): EvaluatorUploadError {
  const how = a.normalize('NFC') === b.normalize('NFC') ? 'Unicode form' : 'case'
  return new EvaluatorUploadError(
    'FW_SOURCE',
    `${a} and ${b} differ in ${how} only: where filesystems don't tell them apart, one would replace the other`,
    {
      hint: `Rename one of them, or leave it out with \`exclude\`. As escapes: ${ascii(a)} and ${ascii(b)}.`,
    },
  )
}

function fileAndFolder(path: string): EvaluatorUploadError {
  return new EvaluatorUploadError('FW_SOURCE', `${path} is both a file and a folder`, {
    hint: 'Rename one of the two.',
  })
}

function ascii(path: string): string {
  return path.replace(/[^ -~]/gu, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`)
}

/** UTF-16 order, JavaScript's own, is not the order of the UTF-8 bytes; that of one character a byte is. */
export function sortByBytes<T extends { path: string }>(entries: readonly T[]): T[] {
  const isPlain = (path: string): boolean => /^[ -~]*$/.test(path)
  if (entries.every(({ path }) => isPlain(path)))
    return entries.toSorted((a, b) => (a.path < b.path ? -1 : 1))
  const keyed = entries.map((entry) => ({ entry, key: Buffer.from(entry.path).toString('latin1') }))
  return keyed.sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ entry }) => entry)
}
