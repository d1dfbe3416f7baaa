import { h } from '@fw/pages/dom'
import { formatBytes, formatPercent, printable } from '@fw/pages/format'
import type { ReportArchive } from '../report-data.ts'

/** The facts about a whole archive. */
export function facts(archive: ReportArchive, title: string): HTMLElement {
  const { kind, packedSize, sha256, md5, entryPoint, files, problems } = archive
  const total = files.reduce((sum, [, size]) => sum + size, 0)
  const fact = (name: string, text: string, isCode = false): HTMLElement =>
    h(
      'div',
      { class: isCode ? 'long' : undefined },
      h('dt', {}, name),
      h('dd', { class: isCode ? 'code' : undefined }, printable(text)),
    )
  return h(
    'section',
    { 'aria-label': title },
    h('h2', {}, title),
    h(
      'dl',
      { class: 'facts' },
      fact('Files', files.length.toLocaleString('en')),
      fact('Size of all files', formatBytes(total)),
      fact(kind === 'folder' ? 'Size of its archive' : 'Size of the archive', formatBytes(packedSize)),
      fact('Saved by compression', total === 0 ? '–' : formatPercent(1 - packedSize / total)),
      ...(entryPoint === undefined ? [] : [fact('Entry point', entryPoint, true)]),
      fact('sha256', sha256, true),
      fact('md5', md5, true),
    ),
    ...problems.map((problem) => h('p', { class: 'problem' }, printable(problem))),
  )
}

/** The files that were left out of an archive, by rule. */
export function leftOut({ kind, leftOut }: ReportArchive, title: string | undefined): Node[] {
  const heading = title === undefined ? [] : [h('h3', {}, title)]
  if (kind === 'archive')
    return [...heading, h('p', { class: 'empty' }, 'Not known: an archive does not list what was left out.')]
  if (leftOut.length === 0) return [...heading, h('p', { class: 'empty' }, 'Nothing was left out.')]
  const rules = leftOut.map(({ rule, paths, count }) => {
    const unnamed = count > paths.length ? [h('li', {}, `and ${count - paths.length} more`)] : []
    return h(
      'details',
      {},
      h('summary', {}, h('strong', {}, printable(rule)), ` ${count.toLocaleString('en')}`),
      h('ul', { class: 'paths' }, ...paths.map((path) => h('li', {}, printable(path))), ...unnamed),
    )
  })
  return [...heading, ...rules]
}
