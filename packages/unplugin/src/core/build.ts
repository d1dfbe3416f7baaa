import type { Host } from './host.ts'
import type { ResolvedOptions } from './options.ts'
import { createQueue } from './queue.ts'

/** One output that a bundler made as a whole. */
export interface Output {
  /** Absolute path of its output folder. */
  readonly dir: string
  /** Absolute path → the bytes, or `undefined` where the file on disk has them. */
  readonly files: ReadonlyMap<string, string | Uint8Array | undefined>
  /** Those of {@link files} that are entries → absolute path of the module that each was built from. */
  readonly entries?: ReadonlyMap<string, string>
  /** Whether it was generated and not written. Such output is nobody's where anything else was written. */
  readonly inMemory?: boolean
  /** Files of {@link files} that were not there when the bundler said that it had written them. */
  readonly missing?: readonly string[]
  /** What else tells this output from others of the same build: its format. */
  readonly format?: string | undefined
}

/** A part of an evaluator whose build is about to begin: a Vite environment, a compiler, an esbuild build. */
export interface Opening {
  /** What a later build of the same part has too. It takes this one's place then. */
  readonly id: string
  /** Whether no other build can have the same {@link id} while this one runs. */
  readonly isUnique?: boolean
  /** For people: what is built. */
  readonly name: string
  readonly options: ResolvedOptions
  readonly host: Host
  /** Others wait for it from now on, and not only from its beginning. */
  readonly isAnnounced?: boolean
  /** Only holds the others open, and makes nothing itself. */
  readonly isHold?: boolean
  /** What lies beside the output when all parts have ended: others may write there until then. */
  late?(): Promise<readonly Output[]>
}

/** A part that has ended well. */
export interface EndedPart extends Pick<Opening, 'name' | 'options' | 'host'> {
  readonly outputs: readonly Output[]
  /** Whether it was built since the last upload; the others went up with earlier builds of this process. */
  readonly isNew: boolean
}

/** All that the builds of this process have made of one evaluator. */
export interface Ended {
  readonly parts: readonly EndedPart[]
  /** Names of those that failed. Where there are any, nothing may go up. */
  readonly failed: readonly string[]
  /** Names of those that are at the service already. */
  readonly uploaded: readonly string[]
  /** The part that ended last: its options and its host are those of the upload. */
  readonly last: Pick<Opening, 'options' | 'host'>
}

/** Uploads what has ended, or fails the build that ended last. */
export type Upload = (ended: Ended, isSuperseded: () => boolean) => Promise<void>

/** A part of a build under way. */
export interface Part {
  /**
   * An output is being made: until it is written, or {@link Part.end} says otherwise, the part is not clean. After its
   * end this is a watcher's next round, and what the last one wrote is forgotten; within a round it is not, as Vite 8
   * begins once per format.
   */
  begin(): void
  /** The bundler has written an output, and other plugins may still fail. */
  writes(): void
  /** An output was made, and nothing of it can fail any more. */
  wrote(output: Output): void
  /** Whether all that was begun has been written. */
  isClean(): boolean
  /** The bundler closes the build: plugins run that may still fail, or end the process. */
  closes(): void
  /**
   * The part has ended; `good` overrides what begin() and wrote() tell, for bundlers that say it themselves. When it was
   * the last open part of the evaluator, and all went well, resolves after the upload.
   */
  end(good?: boolean): Promise<void>
  /** It will not be built, or is nothing to upload: nobody waits for it. */
  drop(): void
}

/** The builds of one evaluator in this process. */
export interface Builds {
  open(opening: Opening): Part
  /** Whether anything was begun and is not settled. */
  isBusy(): boolean
  /** What the end of the process would leave undone; `undefined` where all is settled or has failed by itself. */
  unfinished(isNatural: boolean): (Pick<Opening, 'options' | 'host'> & { reason: string }) | undefined
}

/**
 * Decides, for every bundler, when the builds of an evaluator have ended well: when every part that was begun in this
 * process has ended, and all of them clean. Only then they are uploaded, together and once. A part that failed keeps
 * the whole evaluator from going up, until a later build of the same part takes its place.
 *
 * The guard is `begin`, not an error: bundlers end builds without an error after another plugin has thrown, after
 * the first of two formats was written, and once more after the end with an error.
 *
 * What one command builds nests (SvelteKit), overlaps (tsdown's formats) and follows (Next's compilers). So a part that
 * ends while others are open leaves the upload to the last one; and one that comes after an upload takes the place of
 * its own earlier self, or is added to what is there, and all goes up again.
 *
 * @param load Loads the upload, when a build has ended and not before.
 * @param onChange Called when {@link Builds.isBusy} may have changed.
 */
export function createBuilds(load: () => Promise<Upload>, onChange: () => void): Builds {
  const parts = new Set<State>()
  const queue = createQueue()

  const namesOf = (wanted: (part: State) => boolean) => [...parts].filter(wanted).map(({ name }) => name)
  const anyOpen = () => [...parts].some(isOpen)

  async function settle(last: State): Promise<void> {
    const upload = await load()
    // What began while this was loaded is a part of the same whole, and its end is the end.
    if (anyOpen()) return
    for (const part of parts) if (part.status === 'good') await addLate(part)
    if (anyOpen()) return
    const good = [...parts].filter((part) => part.status === 'good')
    const ended: Ended = {
      parts: good.filter(({ isHold }) => !isHold).map(endedPart),
      failed: namesOf(({ status }) => status === 'failed'),
      uploaded: namesOf(wasUploaded),
      last,
    }
    for (const part of parts) part.isSettled = true
    try {
      await queue((isSuperseded) => upload(ended, isSuperseded), last.options.watch)
      for (const part of good) part.isAtService = true
    } finally {
      onChange()
    }
  }

  async function end(part: State, isGood: boolean): Promise<void> {
    if (part.status === 'good' || part.status === 'failed') return
    part.status = isGood ? 'good' : 'failed'
    for (const other of parts) if (takesPlaceOf(part, other)) parts.delete(other)
    if (anyOpen()) return
    if (isGood) return settle(part)
    // The bundler tells of its own failure; what only we know is what is at the service.
    for (const other of parts) other.isSettled = true
    onChange()
    const uploaded = namesOf(wasUploaded)
    if (uploaded.length === 0) return
    part.host.warn(
      `${part.options.evaluatorId} was not uploaded, as the build of ${part.name} failed. What was uploaded before in this process is there still: ${uploaded.join(', ')}.`,
    )
  }

  return {
    open(opening) {
      for (const other of parts) {
        // A build of the same that was begun and never ended: another plugin threw, and the caller went on.
        const isAbandoned = opening.isUnique || other.isClosing
        if (other.id === opening.id && isOpen(other) && isAbandoned) parts.delete(other)
      }
      const part: State = {
        ...opening,
        status: 'waiting',
        outputs: [],
        isClean: false,
        hasWritten: false,
        isClosing: false,
        isSettled: false,
        isAtService: false,
      }
      parts.add(part)
      const begin = () => {
        if (part.status === 'open') return
        if (part.status !== 'waiting') part.outputs = []
        part.status = 'open'
        part.isSettled = false
        parts.add(part)
        onChange()
      }
      return {
        begin() {
          begin()
          part.isClean = false
          part.isClosing = false
        },
        writes() {
          part.hasWritten = true
        },
        wrote(output) {
          begin()
          part.outputs.push(output)
          part.isClean = true
          if (!output.inMemory) part.hasWritten = true
        },
        isClean: () => part.isClean,
        closes() {
          part.isClosing = true
        },
        end: (isGood = part.isClean) => end(part, isGood),
        drop() {
          parts.delete(part)
          onChange()
        },
      }
    },

    isBusy: () => [...parts].some((part) => part.status !== 'waiting' && !part.isSettled),

    unfinished(isNatural) {
      const here = [...parts].filter((part) => !part.isSettled)
      const written = here.findLast((part) => part.hasWritten)
      if (!written || here.some(({ status }) => status === 'failed')) return undefined
      const open = here.filter(isOpen)
      const { options, host } = written
      const names = (open.length > 0 ? open : here).map(({ name }) => name).join(', ')
      if (!isNatural)
        return { options, host, reason: `the process was ended before its build was through (${names})` }
      // A loop that ran dry: what was begun and not written, or was closing, has thrown, and whoever called the bundler
      // has caught it. What is clean was never closed.
      if (open.length === 0 || open.some((part) => part.isHold || part.isClosing || !part.isClean))
        return undefined
      return { options, host, reason: `its build was never closed (${names})` }
    },
  }
}

type Status = 'waiting' | 'open' | 'good' | 'failed'

interface State extends Opening {
  status: Status
  outputs: Output[]
  isClean: boolean
  hasWritten: boolean
  isClosing: boolean
  /** Whether an upload was tried with it as it is now, or is out of the question. */
  isSettled: boolean
  isAtService: boolean
}

function isOpen({ status, isAnnounced }: State): boolean {
  return status === 'open' || (status === 'waiting' && isAnnounced === true)
}

function wasUploaded({ isHold, isAtService }: State): boolean {
  return isAtService && !isHold
}

/** Whether `other` is an earlier state of `part`. */
function takesPlaceOf(part: State, other: State): boolean {
  if (other === part || other.id !== part.id || isOpen(other)) return false
  if (other.status !== 'good' || part.isUnique) return part.status === 'good' || other.status === part.status
  return part.status === 'good' && other.isSettled && placeOf(other) === placeOf(part)
}

/** The folders and formats that a part wrote: a rebuild writes the same ones. */
function placeOf({ outputs }: State): string {
  const written = outputs.filter(({ inMemory }) => !inMemory)
  return written
    .map(({ dir, format }) => `${dir} ${format ?? ''}`)
    .sort()
    .join()
}

async function addLate(part: State): Promise<void> {
  const known = new Set(part.outputs.flatMap(({ files }) => [...files.keys()]))
  for (const output of (await part.late?.()) ?? []) {
    const files = new Map([...output.files].filter(([path]) => !known.has(path)))
    if (files.size > 0) part.outputs.push({ ...output, files })
  }
}

/** A copy: the next round of a watcher may begin while this one still waits for its upload. */
function endedPart({ name, options, host, outputs, isSettled }: State): EndedPart {
  return { name, options, host, outputs: [...outputs], isNew: !isSettled }
}
