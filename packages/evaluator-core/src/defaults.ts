/** Every number that a user can change, with the value it has until then. */
export const DEFAULTS = {
  baseUrl: 'https://api.fireworks.ai',
  retry: { attempts: 5, baseDelayMs: 300, maxDelayMs: 30_000 },
  timeouts: { connectMs: 10_000, attemptMs: 60_000, totalMs: 1_800_000 },
  wait: { timeoutMs: 900_000, intervalMs: 10_000 },
} as const
