import { spawn } from 'node:child_process'
import { describeConfig, EvaluatorUploadError } from '@fw/evaluator-core'
import type { Context, Done } from '../context.ts'
import { findEvaluator } from '../options/project-file.ts'
import { inAccount } from '../service.ts'

/** Opens an evaluator's page in the browser, and prints its address: where there is no browser that is all. */
export async function open(given: Context, name: string | undefined): Promise<Done> {
  const { context, id } = inAccount(given, (await findEvaluator(name, given)).name)
  const { accountId, baseUrl } = context.gateway
  const { dashboardUrl } = await describeConfig({ accountId, baseUrl })
  // The emulator has one page for all.
  const url = dashboardUrl.endsWith('/') ? dashboardUrl : `${dashboardUrl}/${encodeURIComponent(id)}`
  if (!context.json) await openInBrowser(url)
  return { result: { url }, text: () => url }
}

async function openInBrowser(url: string): Promise<void> {
  const [command, ...args] = browserCommand(process.env)
  const child = spawn(command, [...args, url], { stdio: 'ignore', detached: true })
  const problem = await new Promise<Error | undefined>((resolve) => {
    child.once('spawn', () => resolve(undefined))
    child.once('error', resolve)
  })
  if (problem === undefined) return child.unref()
  throw new EvaluatorUploadError('FW_CONFIG', `${command} could not be started, which opens a browser.`, {
    hint: `Open ${url} yourself, or name a browser in the variable BROWSER.`,
    cause: problem,
  })
}

function browserCommand({ BROWSER }: NodeJS.ProcessEnv): [command: string, ...args: string[]] {
  if (BROWSER) return [BROWSER]
  if (process.platform === 'darwin') return ['open']
  // Not `start`: for the shell that runs it an address is full of special characters.
  if (process.platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler']
  return ['xdg-open']
}
