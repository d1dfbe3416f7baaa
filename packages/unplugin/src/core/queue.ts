/** A piece of work; it may ask whether a newer one waits that makes its own outcome irrelevant. */
type Task = (isSuperseded: () => boolean) => Promise<void>

/** Runs `task` when no other is running. Settles with it, or with the one that took its place. */
export type Queue = (task: Task, newestOnly: boolean) => Promise<void>

/**
 * One upload at a time: two of one evaluator at once would disturb each other. The running one finishes, which leaves
 * the service in a better state than an abort, and then the next begins. With `newestOnly` (watch mode) that is the
 * newest: of several that wait, each takes the place of the one before.
 */
export function createQueue(): Queue {
  let tail: Promise<void> = Promise.resolve()
  let waiting: { task: Task; promise: Promise<void> } | undefined
  return (task, newestOnly) => {
    if (newestOnly && waiting) {
      waiting.task = task
      return waiting.promise
    }
    const next = { task, promise: tail }
    next.promise = tail
      // Whoever started the earlier one has heard of its failure.
      .catch(() => {})
      .then(() => {
        if (waiting === next) waiting = undefined
        return next.task(() => newestOnly && waiting !== undefined)
      })
    waiting = next
    tail = next.promise
    return next.promise
  }
}
