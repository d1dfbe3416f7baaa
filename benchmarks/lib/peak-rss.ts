import { readFileSync } from 'node:fs'

/**
 * The most memory that this process has held, in MB. From Linux' own page about it where there is one: what
 * `process.resourceUsage()` tells begins with the memory of whoever started the process.
 */
export function peakRssMb(): number {
  try {
    const [, kilobytes] = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? []
    if (kilobytes !== undefined) return Number(kilobytes) / 1024
  } catch {
    // Another system.
  }
  return process.resourceUsage().maxRSS / 1024
}
