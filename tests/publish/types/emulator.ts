import { startEmulator } from '@fw/evaluator-emulator'

export async function good(): Promise<void> {
  const emulator = await startEmulator()
  const env: Record<string, string> = emulator.env
  const text: string = emulator.url + emulator.apiKey + emulator.accountId
  console.log(env, text)
  await emulator.close()
}

export async function bad(): Promise<void> {
  // @ts-expect-error no such option
  await startEmulator({ hostname: 'example.org' })
}
