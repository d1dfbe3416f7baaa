import { h } from '@fw/pages/dom'
import { formatBytes, printable } from '@fw/pages/format'
import type { RequestDetails } from '../messages.ts'
import { ask } from './api.ts'
import { preformatted, show } from './dialog.ts'
import { faultKinds } from './fault-fields.ts'
import { formatMs, formatTime } from './format.ts'

/** Shows a whole request and its answer. The emulator has removed keys and signatures. */
export async function openRequest(number: number): Promise<void> {
  await show(`Request ${number}`, async () => {
    const details = await ask<RequestDetails>('GET', `requests/${number}`)
    const { method, path, problem, query, headers, body, answer } = details
    return [
      h('p', { class: 'path' }, `${method} ${printable(path)}`),
      facts(details),
      ...(problem ? [h('p', { class: 'problem' }, printable(problem))] : []),
      ...part('Query', lines(query)),
      ...part('Headers', lines(headers)),
      ...part('Body', body === undefined ? '' : JSON.stringify(body, null, 2)),
      ...(answer ? answerParts(answer) : []),
    ]
  })
}

function facts(details: RequestDetails): HTMLElement {
  const {
    step,
    evaluatorId,
    status,
    ended,
    durationMs,
    arrivedAt,
    bytesReceived,
    bytesSent,
    requestId,
    fault,
  } = details
  const facts: Record<string, string | undefined> = {
    Step: step ?? 'unknown',
    Evaluator: evaluatorId,
    Status: status === undefined ? (ended ? 'cut off: no answer went out' : 'open') : String(status),
    Duration: durationMs === undefined ? undefined : formatMs(durationMs),
    Clock: formatTime(arrivedAt),
    Received: formatBytes(bytesReceived),
    Sent: formatBytes(bytesSent),
    'Request id': requestId,
    'Fault played': fault && faultKinds[fault].label,
  }
  return h(
    'dl',
    { class: 'facts' },
    ...Object.entries(facts).map(([name, value]) =>
      value ? h('div', {}, h('dt', {}, name), h('dd', {}, printable(value))) : undefined,
    ),
  )
}

function answerParts({ headers, body }: NonNullable<RequestDetails['answer']>): Node[] {
  const isStored = body === undefined
  return [
    ...part("Answer's headers", lines(headers)),
    ...part("Answer's body", isStored ? '' : indented(body)),
    ...(isStored ? [h('p', { class: 'quiet' }, "The answer's body is the stored file.")] : []),
  ]
}

function part(heading: string, text: string): Node[] {
  if (text === '') return []
  return [h('h3', {}, heading), preformatted(heading, text.split('\n').map(printable).join('\n'))]
}

function lines(record: Readonly<Record<string, string>>): string {
  return Object.entries(record)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n')
}

function indented(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}
