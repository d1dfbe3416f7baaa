// biome-ignore-all lint/suspicious/noControlCharactersInRegex: they are what is looked for
// What a terminal obeys. A sequence goes as a whole, since its letters mean nothing without the escape before them.
const SEQUENCES = [
  // A string for the terminal itself (its title, a link, an image), up to its end or, without one, up to the line's.
  /(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c\n]*(?:\x07|\x1b\\|\x9c)?/g,
  // Colours, and where to write next.
  /(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]/g,
  // The short ones: reset, another character set.
  /\x1b[ -/]*[0-~]/g,
]

/** All that is left of C0 but tab and newline, DEL, C1, and what turns the direction of writing round. */
const CONTROLS = /[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g

/**
 * `text` without what a terminal would obey: escape sequences go, and any other control character is shown as `\uFFFD`.
 * For every word of a service or of a file, at the moment when it is printed. Tabs and line ends stay; a carriage
 * return, which would let the next words overwrite the last, is a line end.
 *
 * @example
 * ```ts
 * process.stderr.write(`${printable(evaluator.status?.message ?? '')}\n`)
 * ```
 */
export function printable(text: string): string {
  // Nearly every text is clean, and is seen to be so in one pass.
  if (text.search(CONTROLS) < 0) return text
  let clean = text
  for (const sequence of SEQUENCES) clean = clean.replace(sequence, '')
  return clean.replace(/\r\n?/g, '\n').replace(CONTROLS, '\uFFFD')
}
