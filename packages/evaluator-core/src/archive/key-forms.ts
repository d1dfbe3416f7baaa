import { eachTokenRun, MIN_RUN } from './token-runs.ts'

/** A shorter text is no key, and would be found everywhere. */
export const MIN_KEY_BYTES = 8

/** The key in one of the forms in which it may stand in a file. */
interface Form {
  /** For people: `in base64`; `''` as it is. */
  readonly how: string
  readonly bytes: Buffer
}

/** Forms that have some bytes in common, which are sought for all of them. */
interface Anchor {
  readonly bytes: Buffer
  readonly forms: readonly (Form & { readonly at: number })[]
}

/** What of a file is searched for the key. */
export interface KeyForms {
  /** How many bytes the longest form has. */
  readonly longest: number
  /** In which form the key is in `bytes`, of those that are in no run of token bytes; undefined where it is not. */
  find(bytes: Buffer): string | undefined
  /** The same for the other forms, of which this run has a part. The key has most of its forms here, at no cost. */
  findInRun(bytes: Buffer, from: number, to: number): string | undefined
}

/** How often a character stands in sources, the rarest first: what is sought first must seldom be found in vain. */
const RARE = 'QZXJKYVWHqUGzBj89764530NM2DFPLORxSICTAkE1wvby_ghpfmdulcsniaorte'
/** Node seeks up to six bytes by the first of them, with the processor's own search for a byte. */
const ANCHOR_BYTES = 5

/** The key as it is, in base64 (wherever in a text it begins), percent-encoded, and in UTF-16. */
export function formsOfKey(key: string): KeyForms {
  const plain = Buffer.from(key)
  if (plain.length < MIN_KEY_BYTES) return { longest: 0, find: () => undefined, findInRun: () => undefined }
  const escaped = (pattern: RegExp, upper: boolean): Buffer =>
    Buffer.from(
      key.replace(pattern, (character) => {
        const hex = Buffer.from(character).toString('hex')
        return (upper ? hex.toUpperCase() : hex).replace(/../g, '%$&')
      }),
    )
  const forms = [
    { how: '', bytes: plain },
    ...[/[^A-Za-z0-9_.!~*'()-]/gu, /[^A-Za-z0-9]/gu].flatMap((pattern) =>
      [true, false].map((upper) => ({ how: 'percent-encoded', bytes: escaped(pattern, upper) })),
    ),
    ...[0, 1, 2].flatMap((offset) => base64(plain, offset)).map((bytes) => ({ how: 'in base64', bytes })),
    { how: 'in UTF-16', bytes: Buffer.from(key, 'utf16le') },
  ]
  const different = forms.filter(
    ({ bytes }, i) => forms.findIndex((other) => other.bytes.equals(bytes)) === i,
  )
  const longest = Math.max(...different.map(({ bytes }) => bytes.length))
  const triples = new Uint8Array(TRIPLES)
  const inRuns = different.filter(({ bytes }) => noteTriples(bytes, triples))
  const anchors = anchorsOf(inRuns)
  const others = anchorsOf(different.filter((form) => !inRuns.includes(form)))
  return {
    longest,
    find: (bytes) => find(bytes, others),
    findInRun(bytes, from, to) {
      for (let at = from; at + 2 < to; at += MIN_RUN - 2) {
        if (triples[tripleAt(bytes, at)] !== 1) continue
        const around = bytes.subarray(Math.max(0, at - longest), at + longest)
        const found = find(around, anchors)
        if (found !== undefined) return found
      }
      return undefined
    },
  }
}

const TRIPLES = 1 << 15

/** Three bytes as a number, which few others share. */
function tripleAt(bytes: Uint8Array, at: number): number {
  return (((bytes[at] ?? 0) << 10) ^ ((bytes[at + 1] ?? 0) << 5) ^ (bytes[at + 2] ?? 0)) % TRIPLES
}

/** Notes what stands in the runs of a form, one of which is enough to know it by; false where it has none. */
function noteTriples(form: Buffer, triples: Uint8Array): boolean {
  let hasRun = false
  eachTokenRun(form, (from, to) => {
    hasRun = true
    for (let at = from; at + 2 < to; at++) triples[tripleAt(form, at)] = 1
  })
  return hasRun
}

/** Three bytes are four letters: where the key begins decides which letters are its own. */
function base64(key: Buffer, offset: number): Buffer[] {
  const text = Buffer.concat([Buffer.alloc(offset), key]).toString('base64')
  const own = text.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + key.length) * 8) / 6))
  return [own, own.replaceAll('+', '-').replaceAll('/', '_')].map((form) => Buffer.from(form))
}

function anchorsOf(forms: readonly Form[]): Anchor[] {
  const anchors: Anchor[] = []
  let left = forms
  while (left[0] !== undefined) {
    const bytes = rarestOf(left[0].bytes, left.length === forms.length)
    const sharing = left.filter((form) => form.bytes.includes(bytes))
    anchors.push({ bytes, forms: sharing.map((form) => ({ ...form, at: form.bytes.indexOf(bytes) })) })
    left = left.filter((form) => !sharing.includes(form))
  }
  return anchors
}

/** Of the key itself only letters and digits, which are the same when it is percent-encoded. */
function rarestOf(form: Buffer, isPlain: boolean): Buffer {
  const text = form.toString('latin1')
  const places = Array.from({ length: text.length - ANCHOR_BYTES + 1 }, (_, at) => at)
  const rank = (at: number): number => {
    const place = RARE.indexOf(text.charAt(at))
    const isSame = !isPlain || /^[A-Za-z0-9]+$/.test(text.slice(at, at + ANCHOR_BYTES))
    return (place < 0 ? RARE.length : place) + (isSame ? 0 : RARE.length)
  }
  const best = places.reduce((a, b) => (rank(b) < rank(a) ? b : a), 0)
  return form.subarray(best, best + ANCHOR_BYTES)
}

function find(bytes: Buffer, anchors: readonly Anchor[]): string | undefined {
  for (const { bytes: anchor, forms } of anchors) {
    for (let at = bytes.indexOf(anchor); at >= 0; at = bytes.indexOf(anchor, at + 1)) {
      for (const form of forms) {
        const start = at - form.at
        if (start >= 0 && bytes.subarray(start, start + form.bytes.length).equals(form.bytes)) return form.how
      }
    }
  }
  return undefined
}
