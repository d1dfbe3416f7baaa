interface Task {
  due: number
  run(): void
}

/** Timers of Node come up to a millisecond late, which with two to a round trip would be four in a hundred. */
const SPIN_MS = 1.5

/** Runs `run` at `due` (of performance.now()), to a few hundredths of a millisecond; in the order of `due`. */
export function createTimer(): { at(due: number, run: () => void): void } {
  const tasks: Task[] = []
  let isArmed = false
  const turn = () => {
    isArmed = false
    for (let next = tasks[0]; next && next.due <= performance.now(); next = tasks[0]) {
      tasks.shift()
      next.run()
    }
    arm()
  }
  const arm = () => {
    const [next] = tasks
    if (isArmed || !next) return
    isArmed = true
    const left = next.due - performance.now()
    if (left > SPIN_MS) setTimeout(turn, Math.floor(left - SPIN_MS))
    else setImmediate(turn)
  }
  return {
    at(due, run) {
      const later = tasks.findLastIndex((task) => task.due <= due)
      tasks.splice(later + 1, 0, { due, run })
      arm()
    },
  }
}
