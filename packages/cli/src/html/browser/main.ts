import { button, byId, h } from '@fw/pages/dom'
import { printable } from '@fw/pages/format'
import type { ReportData } from '../report-data.ts'
import { type Change, joinRows } from '../rows.ts'
import { buildTree } from '../tree.ts'
import { facts, leftOut } from './facts.ts'
import { changes, kinds } from './kinds.ts'
import { createStore } from './state.ts'
import { startTable } from './table.ts'
import { createTreemap } from './treemap.ts'

const { archives }: ReportData = JSON.parse(byId('data', HTMLScriptElement).textContent)
const isComparison = archives.length > 1
const titles = archives.map(({ path }, index) =>
  isComparison ? `${'AB'[index]}: ${printable(path)}` : printable(path),
)
const rows = joinRows(archives)
const store = createStore()

byId('facts', HTMLDivElement).append(...archives.map((archive, index) => facts(archive, titles[index] ?? '')))
byId('left-out', HTMLDivElement).append(
  ...archives.map((archive, index) =>
    h('div', {}, ...leftOut(archive, isComparison ? titles[index] : undefined)),
  ),
)

if (isComparison) {
  byId('title', HTMLHeadingElement).textContent = 'Two archives side by side'
  byId('table', HTMLDivElement).classList.add('comparison')
}
// Only for a folder it is known which files were left out.
byId('left-out-panel', HTMLElement).hidden = archives.every(({ kind }) => kind === 'archive')

const readout = byId('readout', HTMLParagraphElement)
const changeByPath = new Map(rows.map(({ path, change }) => [path, change]))
const maps = archives.map(({ files }, index) => {
  const name = titles[index] ?? ''
  const map = createTreemap({
    name,
    root: buildTree(files.map(([path, size, compressed]) => [path, { size, compressed }])),
    store,
    changeOf: isComparison ? (path) => changeByPath.get(path) ?? 'same' : undefined,
    tell(text) {
      readout.textContent = text
    },
    showInTable: () => byId('files', HTMLElement).scrollIntoView({ block: 'nearest' }),
  })
  return h('div', {}, ...(isComparison ? [h('h3', {}, name)] : []), map)
})
byId('maps', HTMLDivElement).append(...maps)

const legend = Object.entries(isComparison ? changes : kinds)
byId('legend', HTMLUListElement).append(
  ...legend.map(([name, text]) => h('li', {}, h('span', { class: `swatch ${name}` }), text)),
)

const crumbs = byId('crumbs', HTMLOListElement)
function drawCrumbs(): void {
  const names = store.state.folder === '' ? [] : store.state.folder.split('/')
  const to = (depth: number): string => names.slice(0, depth).join('/')
  const steps = ['All files', ...names].map((name, depth) => {
    const isHere = depth === names.length
    const text = printable(name)
    if (isHere) return h('li', {}, h('span', { 'aria-current': 'location' }, text))
    return h(
      'li',
      {},
      button(text, () => store.set({ folder: to(depth) })),
    )
  })
  crumbs.replaceChildren(...steps)
}
drawCrumbs()

const filter = byId('filter', HTMLInputElement)
filter.addEventListener('input', () => store.set({ text: filter.value }))
store.follow(({ text, folder }, before) => {
  if (filter.value !== text) filter.value = text
  if (folder !== before.folder) drawCrumbs()
})

for (const radio of document.querySelectorAll('input[name="measure"]')) {
  radio.addEventListener('change', () => {
    if (radio instanceof HTMLInputElement)
      store.set({ measure: radio.value === 'compressed' ? 'compressed' : 'size' })
  })
}

const changeSelect = byId('change', HTMLSelectElement)
function isChange(text: string): text is Change {
  return Object.hasOwn(changes, text)
}
if (isComparison) {
  changeSelect.append(...Object.entries(changes).map(([value, text]) => h('option', { value }, text)))
  changeSelect.addEventListener('change', () => {
    store.set({ change: isChange(changeSelect.value) ? changeSelect.value : '' })
  })
  byId('change-label', HTMLLabelElement).hidden = false
}

startTable(rows, isComparison, store)
