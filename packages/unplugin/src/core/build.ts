import type { Host } from './host.ts'
import type { ResolvedOptions } from './options.ts'
import { createQueue } from './queue.ts'

/** A complete output of a bundler. */
export interface Output {
  /** Absolute path of its output folder. */
  readonly dir: string
  /** Absolute path → the bytes, or `undefined` if they are in the file on disk. */
  readonly files: ReadonlyMap<string, string | Uint8Array | undefined>
  /** The entries among {@link files} → absolute path of their module. */
  readonly entries?: ReadonlyMap<string, string>
  /** Whether it was generated and not written. It is ignored if anything else was written. */
  readonly inMemory?: boolean
  /** Files of {@link files} that did not exist when the bundler reported them as written. */
  readonly missing?: readonly string[]
  /** The format, which distinguishes outputs of one build. */
  readonly format?: string | undefined
}

/** A part of an evaluator before its build: a Vite environment, a compiler, an esbuild build. */
export interface Opening {
  /** A later build with the same id replaces this one. */
  readonly id: string
  /** Whether the {@link id} is unique while this build runs. */
  readonly isUnique?: boolean
  /** The name of the build, for people. */
  readonly name: string
  readonly options: ResolvedOptions
  readonly host: Host
  /** Others wait for it from now on, and not only from its start. */
  readonly isAnnounced?: boolean
  /** Only keeps the others open, and has no output. */
  readonly isHold?: boolean
  /** Files of other plugins in the output folders, read when all parts have ended. */
  late?(): Promise<readonly Output[]>
}

/** A part that has ended successfully. */
export interface EndedPart extends Pick<Opening, 'name' | 'options' | 'host'> {
  readonly outputs: readonly Output[]
  /** Whether it was built since the last upload. Earlier builds of this process have uploaded the others. */
  readonly isNew: boolean
}

/** The output of all builds of one evaluator in this process. */
export interface Ended {
  readonly parts: readonly EndedPart[]
  /** Names of failed parts. If there are any, nothing may be uploaded. */
  readonly failed: readonly string[]
  /** Names of parts that are uploaded already. */
  readonly uploaded: readonly string[]
  /** The part that ended last. Its options and host are those of the upload. */
  readonly last: Pick<Opening, 'options' | 'host'>
}

/** Uploads the output, or fails the build that ended last. */
export type Upload = (ended: Ended, isSuperseded: () => boolean) => Promise<void>

/** A part of a running build. */
export interface Part {
  /**
   * An output starts. Until it is written, or {@link Part.end} says otherwise, the part is incomplete. After the end of
   * the part, this is the next round of a watcher, and the output of the last round is forgotten. Within a round it is
   * kept, because Vite 8 starts once for each format.
   */
  begin(): void
  /** The bundler has written an output, and other plugins may still fail. */
  writes(): void
  /** An output was made, and cannot fail any more. */
  wrote(output: Output): void
  /** Whether everything that started was written. */
  isClean(): boolean
  /** The bundler closes the build. Other plugins may still fail, or end the process. */
  closes(): void
  /**
   * The part has ended. `good` replaces the result of begin() and wrote(), for bundlers that report it themselves. If
   * it was the last open part of the evaluator, and all succeeded, resolves after the upload.
   */
  end(good?: boolean): Promise<void>
  /** It will not be built, or has nothing to upload, so nobody waits for it. */
  drop(): void
}

/** The builds of one evaluator in this process. */
export interface Builds {
  open(opening: Opening): Part
  /** Whether anything has started and not ended. */
  isBusy(): boolean
  /** The work that the end of the process would leave unfinished; `undefined` if there is none, or if it has failed. */
  unfinished(isNatural: boolean): (Pick<Opening, 'options' | 'host'> & { reason: string }) | undefined
}

/**
 * Decides, for every bundler, when the builds of an evaluator have succeeded: when every part that started in this
 * process has ended, and all are complete. Only then they are uploaded, together and once. After a failed part, nothing
 * is uploaded until a later build of the same part replaces it.
 *
 * The decision is based on `begin`, not on errors: bundlers end builds without an error after another plugin has
 * thrown, after the first of two formats was written, and once more after the end with an error.
 *
 * The builds of one command nest (SvelteKit), overlap (formats of tsdown) or follow each other (compilers of Next). So
 * a part that ends while others are open leaves the upload to the last one. A part that comes after an upload replaces
 * its earlier self, or is added, and everything is uploaded again.
 *
 * @param load Loads the upload when a build has ended, not before.
 * @param onChange Called when {@link Builds.isBusy} may have changed.
 */
export function createBuilds(load: () => Promise<Upload>, onChange: () => void): Builds {
  const parts = new Set<State>()
  const queue = createQueue()

  const namesOf = (wanted: (part: State) => boolean) => [...parts].filter(wanted).map(({ name }) => name)
  const anyOpen = () => [...parts].some((part) => isOpen(part) && !(part.isHold && part.isClosing))

  async function settle(last: State): Promise<void> {
    const upload = await load()
    // A build that started while this was loaded belongs to the same upload, which runs at its end.
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
    // The bundler reports its own failure. Only we know what is at the service.
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
        // An earlier build of the same part never ended: another plugin threw, and the caller went on.
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
      const hasThrown = (part: State) => part.isClosing || (part.status === 'open' && !part.isClean)
      if (open.length === 0 || open.some((part) => part.isHold || hasThrown(part))) return undefined
      const never = open.some(({ status }) => status === 'waiting') ? 'run' : 'closed'
      return { options, host, reason: `its build was never ${never} (${names})` }
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
  /** Whether an upload was tried with its present state, or is impossible. */
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

/** The folders and formats of a part's output. A rebuild writes the same ones. */
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

/** A copy, because the next round of a watcher may start while this one still waits for its upload. */
function endedPart({ name, options, host, outputs, isSettled }: State): EndedPart {
  return { name, options, host, outputs: [...outputs], isNew: !isSettled }
}
