import { expect, test } from 'vitest'
import { formatAgo } from './format.ts'

const NOW = Date.parse('2026-11-30T12:00:00Z')

test.each([
  ['2026-11-30T12:00:00.5Z', 'just now'],
  ['2026-11-30T11:59:48Z', '12 s ago'],
  ['2026-11-30T11:57:00Z', '3 min ago'],
  ['2026-11-30T07:00:00Z', '5 h ago'],
  ['2026-11-29T11:00:00Z', '1 day ago'],
  ['2026-11-10T12:00:00Z', '20 days ago'],
  ['2026-01-02T12:00:00Z', '2026-01-02'],
  // The clock of the service is ahead.
  ['2026-11-30T12:00:30Z', 'just now'],
  ['2027-01-01T00:00:00Z', '2027-01-01'],
  ['', ''],
  ['soon', 'soon'],
])('%s was %s', (iso, ago) => {
  expect(formatAgo(iso, NOW)).toBe(ago)
})
