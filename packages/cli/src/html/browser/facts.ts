import { formatBytes, plural, printable } from '../../terminal/format.ts'
import type { ReportArchive } from '../report-data.ts'
import { h } from './dom.ts'

/** What is to say of an archive as a whole. */
export function facts(archive: ReportArchive, title: string): HTMLElement {
  const { kind, packedSize, sha256, md5, entryPoint, files, problems } = archive
  const total = (index: 1 | 2): number => files.reduce((sum, file) => sum + file[index], 0)
  const fact = (name: string, text: string, isCode = false): HTMLElement =>
    h('div', {}, h('dt', {}, name), h('dd', { class: isCode ? 'code' : undefined }, printable(text)))
  return h(
    'section',
    { 'aria-label': title },
    h('h2', {}, title),
    h(
      'dl',
      { class: 'facts' },
      fact(kind === 'folder' ? 'Archive that it makes' : 'Archive', formatBytes(packedSize)),
      fact('Files', `${plural(files.length, 'file')}, ${formatBytes(total(1))}`),
      fact('Each compressed alone', formatBytes(total(2))),
      ...(entryPoint === undefined ? [] : [fact('Entry point', entryPoint, true)]),
      fact('sha256', sha256, true),
      fact('md5', md5, true),
    ),
    ...problems.map((problem) => h('p', { class: 'problem' }, printable(problem))),
  )
}

/** What stayed out of an archive, by the rule that kept it out. */
export function leftOut({ kind, leftOut }: ReportArchive, title: string | undefined): Node[] {
  const heading = title === undefined ? [] : [h('h3', {}, title)]
  if (kind === 'archive')
    return [...heading, h('p', { class: 'empty' }, 'An archive does not know what was left out of it.')]
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
