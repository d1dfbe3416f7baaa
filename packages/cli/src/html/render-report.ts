import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pageDocument } from '@fw/pages/document'
import { printable } from '../terminal/format.ts'
import type { ReportArchive, ReportData } from './report-data.ts'

/** Resolved by the package's own name, so that it works from `src` and from `dist`. */
const PACKAGE_JSON = '@fw/evaluator-cli/package.json'

/** The page as one file that loads nothing. The same archives give the same bytes. */
export async function renderReport(archives: readonly ReportArchive[]): Promise<string> {
  const dir = join(createRequire(import.meta.url).resolve(PACKAGE_JSON), '..', 'dist', 'html')
  const read = (name: string): Promise<string> => readFile(join(dir, name), 'utf8')
  const [template = '', script = '', ...styles] = await Promise.all(
    ['report.html', 'report.js', 'base.css', 'report.css', 'treemap.css'].map(read),
  )
  const title = archives.map(({ path }) => printable(path)).join(' and ')
  const places = (policy: string): Record<string, string> => ({
    title: escapeHtml(title),
    policy: `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    data: `<script type="application/json" id="data">${dataJson({ archives })}</script>`,
  })
  return pageDocument({ template, script, styles, places }).html
}

/** JSON for a script element: without `<`, no text can end the element or begin a comment. */
function dataJson(data: ReportData): string {
  return JSON.stringify(data).replaceAll('<', '\\u003c')
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character)
}
