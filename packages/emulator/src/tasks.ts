/** What is under way, so that close() can wait for it: nothing may be written once close() has resolved. */
export interface Tasks {
  /** Takes a task in; its failure goes to `failed`. */
  run(task: Promise<void>, failed: (error: unknown) => void): void
  /** Resolves when all tasks have ended, those included that began meanwhile. */
  settled(): Promise<void>
}

export function createTasks(): Tasks {
  const running = new Set<Promise<void>>()
  return {
    run(task, failed) {
      const ended = task.catch(failed).finally(() => running.delete(ended))
      running.add(ended)
    },
    async settled() {
      while (running.size > 0) await Promise.all(running)
    },
  }
}
