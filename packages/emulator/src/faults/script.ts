import { checkFault, type Fault, type FaultAction, type Faults, type Step } from './faults.ts'

export interface FaultScript extends Faults {
  /** Counts the call, and returns its fault. */
  take(step: Step, evaluatorId: string | undefined): FaultAction | undefined
}

/** @param onChange called when `pending` has changed */
export function createFaults(
  initial: readonly Fault[],
  onChange: (pending: readonly Fault[]) => void = () => {},
): FaultScript {
  let script: { fault: Fault; seen: number; left: number }[] = []
  const pending = (): Fault[] => script.filter(({ left }) => left > 0).map(({ fault }) => fault)
  const keep = (lines: typeof script): void => {
    script = lines
    onChange(pending())
  }
  const add = (...faults: Fault[]): void => {
    for (const fault of faults) checkFault(fault)
    keep([...script, ...faults.map((fault) => ({ fault, seen: 0, left: fault.times ?? 1 }))])
  }
  add(...initial)
  return {
    add,
    remove: (fault) => keep(script.filter((line) => line.fault !== fault)),
    clear: () => keep([]),
    get pending() {
      return pending()
    },
    take(step, evaluatorId) {
      let hit: FaultAction | undefined
      for (const line of script) {
        if (line.fault.step !== step) continue
        if (line.fault.evaluatorId !== undefined && line.fault.evaluatorId !== evaluatorId) continue
        line.seen += 1
        if (hit || line.left === 0 || line.seen <= (line.fault.after ?? 0)) continue
        line.left -= 1
        hit = line.fault.do
      }
      if (hit) onChange(pending())
      return hit
    },
  }
}

/** The server's time, which a fault may have changed. */
export function clock(action: FaultAction | undefined): Date {
  return new Date(Date.now() + (action?.kind === 'clock-skew' ? action.ms : 0))
}
