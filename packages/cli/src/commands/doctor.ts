import type { Context, Done } from '../context.ts'
import { type Check, checkNode, checkProxy, checkSettings } from '../doctor/local-checks.ts'
import { checkService } from '../doctor/service-checks.ts'
import { wrap } from '../terminal/width.ts'

const MARKS = {
  ok: ['✔', 'green'],
  warn: ['▲', 'yellow'],
  fail: ['✖', 'red'],
  skipped: ['-', 'dim'],
} as const
const NAME_CELLS = 14

export async function doctor(context: Context): Promise<Done> {
  const { out, json } = context
  const checks: Check[] = []
  const tell = (check: Check): void => {
    checks.push(check)
    if (json) return
    const { name, status, detail, hint } = check
    const [mark, colour] = MARKS[status]
    const label = `${out.style(colour, mark)} ${name.padEnd(NAME_CELLS)}`
    out.line(wrap(label, hint === undefined ? detail : `${detail}\n${hint}`, out.columns()))
  }
  tell(checkNode(process.versions.node))
  const settings = await checkSettings(context.gateway, tell)
  tell(checkProxy(process.env))
  if (settings) {
    await checkService(context, settings, tell)
  }
  return { result: { checks }, failed: checks.some(({ status }) => status === 'fail') }
}
