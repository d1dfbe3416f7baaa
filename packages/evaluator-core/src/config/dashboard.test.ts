import { expect, test } from 'vitest'
import { dashboardUrl } from './dashboard.ts'

test.each([
  ['https://api.fireworks.ai', 'https://app.fireworks.ai/dashboard/evaluators/e'],
  ['https://dev.api.fireworks.ai', 'https://dev.fireworks.ai/dashboard/evaluators/e'],
  ['https://api.example', 'https://app.example/dashboard/evaluators/e'],
  ['https://proxy.corp.example', 'https://app.fireworks.ai/dashboard/evaluators/e'],
  ['http://127.0.0.1:4000', 'http://127.0.0.1:4000/'],
  ['http://localhost:4000', 'http://localhost:4000/'],
  ['http://[::1]:4000', 'http://[::1]:4000/'],
])('%s → %s', (baseUrl, url) => {
  expect(dashboardUrl(baseUrl, 'e')).toBe(url)
})
