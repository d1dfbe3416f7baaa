import { expect, test, vi } from 'vitest'
import { expectNoSecrets, MARKER_KEY } from '../../test/bench.ts'
import { describeConfig } from './describe-config.ts'

test('says where each value came from, and never the key', async () => {
  vi.stubEnv('FIREWORKS_API_KEY', MARKER_KEY)
  vi.stubEnv('FIREWORKS_ACCOUNT_ID', 'accounts/mine')
  vi.stubEnv('FIREWORKS_API_BASE', '')
  vi.stubEnv('FIREWORKS_BASE_URL', '')
  const found = await describeConfig({ accountId: 'yours' })
  expect(found).toEqual({
    hasApiKey: true,
    accountId: 'yours',
    baseUrl: 'https://api.fireworks.ai',
    origins: { apiKey: 'environment', accountId: 'option', baseUrl: 'default' },
  })
  expectNoSecrets(found)
})
