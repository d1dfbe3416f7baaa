/** The emulator in a process of its own: the service's work is not the client's. */
import { type Emulator, type EmulatorOptions, type Fault, startEmulator } from '@fw/evaluator-emulator'
import { serveCalls } from '../lib/calls.ts'

let emulator: Emulator | undefined
const methods = {
  async start(options: EmulatorOptions): Promise<Pick<Emulator, 'url' | 'storeUrl' | 'env'>> {
    emulator = await startEmulator(options)
    const { url, storeUrl, env } = emulator
    return { url, storeUrl, env }
  },
  /** Resolves when the evaluator is ACTIVE. */
  async active(evaluatorId: string): Promise<void> {
    const isActive = () => emulator?.evaluators.get(evaluatorId)?.state === 'ACTIVE'
    while (!isActive()) await new Promise((resolve) => setTimeout(resolve, 5))
  },
  /** To both origins, since the start. */
  async countRequests(): Promise<number> {
    return emulator?.requests.length ?? 0
  },
  /** Refusals with 429 of the evaluator that had most. */
  async mostRefusals(): Promise<number> {
    const refused = new Map<string, number>()
    for (const { evaluatorId = '', status } of emulator?.requests ?? []) {
      if (status === 429) refused.set(evaluatorId, (refused.get(evaluatorId) ?? 0) + 1)
    }
    return Math.max(0, ...refused.values())
  },
  async addFaults(faults: Fault[]): Promise<void> {
    emulator?.faults.add(...faults)
  },
}
export type ServiceMethods = typeof methods
serveCalls(methods)
