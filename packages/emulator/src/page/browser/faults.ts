import { button, byId, h } from '@fw/pages/dom'
import { type FaultAction, faultRules } from '../../faults/faults.ts'
import type { FaultRow } from '../messages.ts'
import { ask } from './api.ts'
import { type FaultField, faultKinds } from './fault-fields.ts'

const list = byId('faults', HTMLUListElement)
const count = byId('faults-count', HTMLSpanElement)
const none = byId('no-faults', HTMLParagraphElement)
const clear = byId('clear-faults', HTMLButtonElement)
const form = byId('fault-form', HTMLFormElement)
const kindSelect = byId('fault-kind', HTMLSelectElement)
const stepSelect = byId('fault-step', HTMLSelectElement)
const fieldBox = byId('fault-fields', HTMLDivElement)
const problem = byId('fault-problem', HTMLParagraphElement)

export function showFaults(rows: readonly FaultRow[]): void {
  const hadFocus = list.contains(document.activeElement) || document.activeElement === clear
  list.replaceChildren(...rows.map(item))
  none.hidden = rows.length > 0
  count.textContent = rows.length > 0 ? String(rows.length) : ''
  clear.hidden = rows.length < 2
  // The focused button has been removed: move the focus to a useful place for keyboard users.
  if (hadFocus) (list.querySelector('button') ?? kindSelect).focus()
}

function item({ id, fault }: FaultRow): HTMLLIElement {
  const { kind, ...values } = fault.do
  const { label } = faultKinds[kind]
  const when = [
    `at ${fault.step}`,
    fault.evaluatorId && `of ${fault.evaluatorId}`,
    (fault.times ?? 1) > 1 && `${fault.times} times`,
    fault.after && `after ${fault.after} ${fault.after === 1 ? 'call' : 'calls'}`,
    ...Object.entries(values).map(
      ([name, value]) => `${name} ${typeof value === 'object' ? JSON.stringify(value) : value}`,
    ),
  ]
  const off = button('Turn off', () => void tell(ask('DELETE', `faults/${id}`)))
  off.setAttribute('aria-label', `Turn off: ${label} ${when[0]}`)
  return h(
    'li',
    {},
    h('div', {}, h('strong', {}, label), h('div', { class: 'quiet' }, when.filter(Boolean).join(', '))),
    off,
  )
}

async function tell(asked: Promise<unknown>): Promise<void> {
  problem.textContent = ''
  try {
    await asked
  } catch (error) {
    problem.textContent = error instanceof Error ? error.message : String(error)
  }
}

function isKind(text: string): text is FaultAction['kind'] {
  return Object.hasOwn(faultKinds, text)
}

function fieldsOf(kind: string): readonly FaultField[] {
  return isKind(kind) ? (faultKinds[kind].fields ?? []) : []
}

function offerFields(): void {
  const kind = kindSelect.value
  if (!isKind(kind)) return
  const { value: step } = stepSelect
  stepSelect.replaceChildren(...faultRules[kind].steps.map((name) => h('option', {}, name)))
  // Keep the chosen step if the new fault can happen there.
  if (faultRules[kind].steps.some((name) => name === step)) stepSelect.value = step
  const inputs = fieldsOf(kind).map(({ name, label, min, max, initial, required }) =>
    h(
      'label',
      {},
      `${label} `,
      h('input', {
        name: `do.${name}`,
        type: min === undefined ? 'text' : 'number',
        min,
        max,
        value: initial,
        required,
        autocomplete: 'off',
      }),
    ),
  )
  fieldBox.replaceChildren(...inputs)
}

/** The fault in the form, without empty fields. */
function readForm(): unknown {
  const data = new FormData(form)
  const text = (name: string): string => String(data.get(name) ?? '').trim()
  const values = fieldsOf(text('kind')).flatMap(({ name, min }) => {
    const value = text(`do.${name}`)
    return value === '' ? [] : [[name, min === undefined ? value : Number(value)]]
  })
  const evaluatorId = text('evaluatorId')
  return {
    step: text('step'),
    do: { kind: text('kind'), ...Object.fromEntries(values) },
    times: Number(text('times')),
    after: Number(text('after')),
    ...(evaluatorId !== '' && { evaluatorId }),
  }
}

kindSelect.append(
  ...Object.entries(faultKinds).map(([kind, { label }]) => h('option', { value: kind }, label)),
)
offerFields()
kindSelect.addEventListener('change', offerFields)
clear.addEventListener('click', () => void tell(ask('DELETE', 'faults')))
form.addEventListener('submit', (event) => {
  event.preventDefault()
  void tell(ask('POST', 'faults', readForm()))
})
