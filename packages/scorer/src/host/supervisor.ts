import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import type { FromWorker, ToWorker } from './messages.ts'
import { invalid, type ResultJson } from './result.ts'

/** Times in milliseconds. */
export interface Limits {
  /** From the start of a row to its score. */
  readonly rowMs: number
  /** How long the worker's event loop may be blocked, in which nothing else can be scored. */
  readonly busyMs: number
  /** The limit for the time that all rows together lose by timeouts. */
  readonly lostMs: number
}

interface Job {
  readonly id: number
  readonly row: unknown
  /** How often it was running when the worker ended, and the row at fault was unknown. */
  suspected: number
  /** When it started, in the present worker. */
  beganAt?: number | undefined
}

export interface Supervisor {
  score(id: number, row: unknown): void
  /** Ends the worker, and waits for its end. */
  close(): Promise<void>
}

/** A row that may have ended the worker is started once more. */
const MOST_SUSPICIONS = 2
/** Without a limit, a worker that ends without a row at fault would be restarted for ever. */
const MOST_BLAMELESS_ENDS = 3

/**
 * Lets a worker process score rows, and answers each row, whatever the worker does: it may throw, return nonsense,
 * never answer, loop for ever, or end. Only the worker runs the user's code.
 */
export function createSupervisor(
  startWorker: () => ChildProcess,
  { rowMs, busyMs, lostMs }: Limits,
  answer: (id: number, result: ResultJson) => void,
): Supervisor {
  const waiting: Job[] = []
  const sent = new Map<number, Job>()
  let worker: ChildProcess | undefined
  let isLoaded = false
  /** The row whose code keeps the worker's event loop, as far as is known. */
  let busyWith: number | undefined
  /**
   * For how long the worker has given no sign, counted in looks: the clock may jump, and this process be held up too.
   */
  let quietMs = 0
  let lost = 0
  let lastProgress = 0
  let blamelessEnds = 0
  const lookMs = Math.min(1000, busyMs / 4)
  /** The reason if no row can be scored any more. */
  let hopeless: string | undefined
  let watch: NodeJS.Timeout | undefined

  function settle(id: number, result: ResultJson): void {
    if (sent.delete(id)) answer(id, result)
  }

  function giveUp(reason: string): void {
    hopeless = reason
    for (const { id } of [...sent.values(), ...waiting.splice(0)]) {
      sent.delete(id)
      answer(id, invalid(reason))
    }
    stop()
  }

  /** @param since When what took so long began. Time in which other rows were scored is not lost. */
  function noteLoss(since: number): void {
    const now = Date.now()
    lost += now - Math.max(since, lastProgress)
    lastProgress = now
    if (lost + busyMs <= lostMs) return
    giveUp(
      `Not scored: rows that came to no end have taken ${seconds(lost)}, and the scorer is not asked any more.`,
    )
  }

  function stop(): void {
    clearInterval(watch)
    watch = undefined
    // Ignore its later messages and its end.
    for (const event of ['message', 'exit', 'error']) worker?.removeAllListeners(event)
    worker?.on('error', () => {})
    worker?.kill('SIGKILL')
    worker = undefined
    isLoaded = false
    busyWith = undefined
  }

  /** The worker is gone, or must go: says so of the row that is to blame, and has the others begun again. */
  function replace(blame: string, beside: string): void {
    const begun = [...sent.values()].filter((job) => job.beganAt !== undefined)
    const culprit = busyWith ?? (begun.length === 1 ? begun[0]?.id : undefined)
    stop()
    if (begun.length === 0) blamelessEnds++
    if (culprit !== undefined) settle(culprit, invalid(blame))
    else for (const job of begun) if (++job.suspected >= MOST_SUSPICIONS) settle(job.id, invalid(beside))
    const again = [...sent.values()]
    sent.clear()
    for (const job of again) job.beganAt = undefined
    waiting.unshift(...again)
  }

  function start(): void {
    if (worker || waiting.length === 0) return
    quietMs = 0
    watch ??= setInterval(look, lookMs)
    const started = startWorker()
    worker = started
    started.on('message', (message: FromWorker) => hear(message))
    started.on('error', (error) => end(`could not be run: ${error.message}`))
    started.on('exit', (code, signal) => end(`ended ${signal ? `by ${signal}` : `with exit code ${code}`}`))
  }

  function end(how: string): void {
    const when = isLoaded ? 'again and again' : 'while it loaded the scorer'
    replace(
      `The scorer's process ${how} on this row.`,
      `The scorer's process ${how}, twice while this row was scored.`,
    )
    if (blamelessEnds >= MOST_BLAMELESS_ENDS) giveUp(`The scorer's process ${how} ${when}.`)
    else start()
  }

  function hear(message: FromWorker): void {
    quietMs = 0
    if (message.type === 'loaded') {
      isLoaded = true
      for (const job of waiting.splice(0)) send(job)
    }
    if (message.type === 'broken') giveUp(`The scorer can't be loaded: ${message.reason}`)
    if (message.type === 'began') {
      busyWith = message.id
      const job = sent.get(message.id)
      if (job) job.beganAt = Date.now()
    }
    if (message.type === 'yielded') busyWith = undefined
    if (message.type === 'scored') {
      lastProgress = Date.now()
      settle(message.id, message.result)
    }
  }

  function send(job: Job): void {
    sent.set(job.id, job)
    const message: ToWorker = { type: 'score', id: job.id, row: job.row }
    worker?.send(message)
  }

  function look(): void {
    if (isLoaded && sent.size === 0) return
    quietMs += lookMs
    const isBusy = quietMs > busyMs
    if (isBusy && isLoaded) endBusy()
    else if (isBusy) giveUp(`The scorer can't be loaded: it did not come to an end for ${seconds(busyMs)}.`)
    else if (isLoaded) {
      endLate()
      worker?.send({ type: 'ping' } satisfies ToWorker)
    }
  }

  function endBusy(): void {
    const howLong = seconds(busyMs)
    replace(
      `The scorer did not come to an end: it kept its process busy for ${howLong}, and was ended.`,
      `The scorer's process was busy for ${howLong} and was ended, twice while this row was scored.`,
    )
    noteLoss(Date.now() - busyMs)
    start()
  }

  function endLate(): void {
    for (const { id, beganAt } of sent.values()) {
      if (beganAt === undefined || Date.now() - beganAt < rowMs) continue
      settle(id, invalid(`The scorer did not answer within ${seconds(rowMs)}.`))
      noteLoss(beganAt)
    }
  }

  return {
    score(id, row) {
      if (hopeless !== undefined) return answer(id, invalid(hopeless))
      const job: Job = { id, row, suspected: 0 }
      if (isLoaded) return send(job)
      waiting.push(job)
      start()
    },
    async close() {
      const ending = worker
      stop()
      if (ending && ending.exitCode === null && ending.signalCode === null) await once(ending, 'exit')
    },
  }
}

/** The worker: what the scorer prints goes to stderr, as stdout is the supervisor's. */
export function forkWorker(host: string, scorer: string, cwd?: string): ChildProcess {
  return fork(host, ['--worker', scorer], {
    cwd,
    stdio: ['ignore', 2, 2, 'ipc'],
    // The package.json beside a scorer has no type, which lets Node find out and say that this took a moment.
    execArgv: ['--disable-warning=MODULE_TYPELESS_PACKAGE_JSON'],
  })
}

function seconds(ms: number): string {
  return `${Math.round(ms / 100) / 10} s`
}
