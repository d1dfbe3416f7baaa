import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { printable } from '../terminal/format.ts'
import type { ReportArchive, ReportData } from './report-data.ts'

/** Found through the package's own name: the same folder, whether this file runs from `src` or from `dist`. */
const PACKAGE_JSON = '@fw/evaluator-cli/package.json'

/** The page as one file that needs nothing else and asks nobody. The same archives give the same bytes. */
export async function renderReport(archives: readonly ReportArchive[]): Promise<string> {
  const dir = join(createRequire(import.meta.url).resolve(PACKAGE_JSON), '..', 'dist', 'html')
  const read = (name: string): Promise<string> => readFile(join(dir, name), 'utf8')
  const [page, code, styles] = await Promise.all([
    read('report.html'),
    read('report.js'),
    Promise.all(['base.css', 'report.css', 'treemap.css'].map(read)),
  ])
  const style = styles.join('')
  const script = code.replaceAll('</script', '<\\/script')
  // Nothing runs but this script: not even if a name found a way out of the data.
  const policy = [
    "default-src 'none'",
    `script-src '${digest(script)}'`,
    `style-src '${digest(style)}'`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')
  const title = archives.map(({ path }) => printable(path)).join(' and ')
  const parts: Readonly<Record<string, string>> = {
    '<!--title-->': escapeHtml(title),
    '<!--policy-->': `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<!--style-->': `<style>${style}</style>`,
    '<!--data-->': `<script type="application/json" id="data">${dataJson({ archives })}</script>`,
    '<!--script-->': `<script type="module">${script}</script>`,
  }
  // In one pass: a name that looks like a place must not be taken for one.
  return page.replace(/<!--\w+-->/g, (place) => parts[place] ?? '')
}

/** JSON that can stand in a script element: without a `<` nothing in it ends the element or begins a comment. */
function dataJson(data: ReportData): string {
  return JSON.stringify(data).replaceAll('<', '\\u003c')
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character)
}

function digest(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`
}
