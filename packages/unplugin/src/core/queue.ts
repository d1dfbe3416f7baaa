/** A task. It can check whether a newer one waits, which makes its own result irrelevant. */
type Task = (isSuperseded: () => boolean) => Promise<void>

/** Runs `task` when no other is running. Settles like it, or like the one that replaced it. */
export type Queue = (task: Task, newestOnly: boolean) => Promise<void>

/**
 * One upload at a time, because two uploads of one evaluator would disturb each other. The running one finishes, which
 * leaves the service in a better state than an abort; then the next one starts. With `newestOnly` (watch mode), that is
 * the newest: each waiting task replaces the one before.
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
      // The caller of the earlier one has got its failure.
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
