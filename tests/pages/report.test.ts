import { afterAll, beforeAll, expect, test } from 'vitest'
import { overflowing, violations } from './axe.ts'
import { describeInBrowser, type Look, openPage, schemes, widths } from './browser.ts'
import { type ReportFiles, reportFiles } from './report-files.ts'
import { picture } from './screenshot.ts'

const hostile = '</script><img src=x onerror=alert(1)>'
const small = {
  'requirements.txt': 'eval-protocol\n',
  'scorer.py': '# score\n'.repeat(60),
  'dist/index.js': 'export const score = () => 1\n'.repeat(400),
  'dist/index.js.map': '{}'.repeat(300),
  'dist/chunks/format.js': 'export const format = 2\n'.repeat(120),
  'data/rows.jsonl': '{"messages":[]}\n'.repeat(900),
  'README.md': '# Scorer\n'.repeat(40),
  'empty.txt': '',
}
const changed = { ...small, 'scorer.py': '# scores\n'.repeat(90), 'dist/new.js': 'export {}\n'.repeat(200) }
const { 'README.md': _, ...other } = changed
const many = Object.fromEntries(
  Array.from({ length: 10_000 }, (_, index) => [
    `dist/part-${index % 40}/module-${index}.js`,
    `export const value = ${index}\n`.repeat(1 + (index % 50)),
  ]),
)

let files: ReportFiles
let pages: Record<'one' | 'two' | 'many' | 'hostile', string>

await describeInBrowser('the report', (browser) => {
  beforeAll(async () => {
    files = await reportFiles()
    const [a, b] = [await files.archive('before.tar.gz', small), await files.archive('after.tar.gz', other)]
    const secret = { '.env': 'A=1', 'node_modules/x/index.js': '', '.gitignore': '*.log\n', 'a.log': '' }
    const folder = await files.folder('my-evaluator', { ...small, ...secret })
    const c = await files.archive('many.tar.gz', many)
    const d = await files.archive('hostile.tar.gz', {
      [`x/${hostile}`]: 'a'.repeat(500),
      '<b>bold</b>/"quoted".js': 'b'.repeat(900),
      'right\u202Eto-left.js': 'c',
    })
    const reports = await Promise.all([
      files.report(folder),
      files.report(a, b),
      files.report(c),
      files.report(d),
    ])
    const [one = '', two = '', third = '', fourth = ''] = reports
    pages = { one, two, many: third, hostile: fourth }
  }, 60_000)
  afterAll(async () => {
    await browser.close()
    await files.remove()
  })

  const open = async (name: keyof typeof pages, look?: Look) => {
    const opened = await openPage(browser, pages[name], look)
    await opened.page.locator('.tile').first().waitFor()
    return opened
  }

  test.for(
    widths.flatMap((width) =>
      schemes.flatMap((scheme) => (['one', 'two'] as const).map((name) => ({ name, width, scheme }))),
    ),
  )('axe finds nothing, nor does the console: $name, $width px, $scheme', async ({ name, width, scheme }) => {
    const { page, complaints, foreign } = await open(name, { width, scheme })
    expect(await violations(page)).toEqual([])
    expect(await overflowing(page)).toEqual([])
    await picture(page, `report-${name}-${width}-${scheme}`)
    expect({ complaints, foreign }).toEqual({ complaints: [], foreign: [] })
  })

  test('a folder opens, the table shows its files, and the links back are above the map', async () => {
    const { page } = await open('one')
    await page
      .getByRole('button', { name: /^dist 15\.\d kB, .* folder with 3 files/ })
      .click({ position: { x: 5, y: 5 } })
    expect(await page.getByRole('status').textContent()).toBe('1 to 3 of 3 that match, of 9 files')
    await page
      .getByRole('button', { name: /^dist\/chunks .* folder with 1 file$/ })
      .click({ position: { x: 5, y: 5 } })
    expect(await page.locator('tbody th').allTextContents()).toEqual(['dist/chunks/format.js'])
    await page.getByRole('navigation', { name: 'Folder' }).getByRole('button', { name: 'All files' }).click()
    expect(await page.getByRole('status').textContent()).toBe('1 to 9 of 9 files')
  })

  test('by keyboard: the map is one tab stop, arrows move, Enter opens, Escape goes back', async () => {
    const { page } = await open('one')
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? '')
    await page.getByRole('radio', { name: 'Size', exact: true }).focus()
    await page.keyboard.press('Tab')
    expect(await focused()).toMatch(/^dist 15\.\d kB, \d+\.\d %, folder with 3 files$/)
    await page.keyboard.press('ArrowRight')
    expect(await focused()).toMatch(/^dist\/index\.js /)
    expect(await page.locator('#readout').textContent()).toBe(await focused())
    await page.keyboard.press('ArrowLeft')
    await page.keyboard.press('Enter')
    expect(await focused()).toMatch(/^dist\/index\.js /)
    await page.keyboard.press('Tab')
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('filter')
    await page.keyboard.press('Shift+Tab')
    await page.keyboard.press('Escape')
    expect(await focused()).toMatch(/^dist 15/)
    await page.keyboard.press('End')
    expect(await focused()).toMatch(/^\.gitignore /)
  })

  test('the map can show compressed sizes, and says that they are estimates', async () => {
    const { page } = await open('one')
    const tile = page.getByRole('button', { name: /^data / })
    const raw = await tile.getAttribute('aria-label')
    await page.getByRole('radio', { name: 'Compressed size' }).check()
    expect(await tile.getAttribute('aria-label')).not.toBe(raw)
    expect(await page.locator('#map-help + p').textContent()).toMatch(
      /compressed size of a file is an estimate/,
    )
  })

  test('the map has three levels and prints sizes; the facts are in plain words', async () => {
    const { page } = await open('one')
    const tile = (name: RegExp) => page.getByRole('button', { name })
    expect(
      await tile(/^dist\/index\.js /)
        .locator('.size')
        .textContent(),
    ).toBe('11.6 kB')
    expect(await tile(/^dist\/chunks\/format\.js /).getAttribute('class')).toContain('depth-3')
    const facts = page.getByRole('region', { name: 'my-evaluator' })
    expect(await facts.locator('dt').allTextContents()).toEqual([
      'Files',
      'Size of all files',
      'Size of its archive',
      'Saved by compression',
      'sha256',
      'md5',
    ])
    // Only a whole is 100 %.
    expect(await page.locator('tbody tr', { hasText: 'data/rows.jsonl' }).textContent()).toMatch(/99\.\d %$/)
  })

  test('no button without an effect', async () => {
    const { page } = await open('one')
    expect(await page.getByRole('button', { name: /Previous|Next/ }).count()).toBe(0)
    expect(await page.locator('button:disabled:visible').count()).toBe(0)
    // A click on a file's tile shows its row, also if the table is out of sight.
    await page.setViewportSize({ width: 1400, height: 600 })
    await page.getByRole('button', { name: /^dist\/index\.js / }).click({ position: { x: 5, y: 60 } })
    expect(await page.locator('tbody th').allTextContents()).toEqual(['dist/index.js', 'dist/index.js.map'])
    const box = await page.locator('tbody tr').first().boundingBox()
    expect(box?.y).toBeLessThan(600)
  })

  test('the headings sort in both directions, and say so', async () => {
    const { page } = await open('one')
    const first = () => page.locator('tbody th').first().textContent()
    const sorted = (name: string) =>
      page.getByRole('columnheader', { name, exact: true }).getAttribute('aria-sort')
    expect([await first(), await sorted('Size')]).toEqual(['data/rows.jsonl', 'descending'])
    await page.getByRole('button', { name: 'Size', exact: true }).press('Enter')
    expect([await first(), await sorted('Size')]).toEqual(['empty.txt', 'ascending'])
    await page.getByRole('button', { name: 'Path' }).click()
    expect([await first(), await sorted('Path'), await sorted('Size')]).toEqual([
      '.gitignore',
      'ascending',
      null,
    ])
  })

  test('the files that were left out, by rule', async () => {
    const { page } = await open('one')
    const rules = page.getByRole('region', { name: 'Left out' }).getByRole('group')
    expect(await rules.locator('summary').allTextContents()).toEqual([
      '.env files 1',
      '.gitignore 1',
      'node_modules 1',
    ])
    const paths = rules.filter({ hasText: '.gitignore' }).getByText('a.log')
    expect(await paths.isVisible()).toBe(false)
    await page.getByText('.gitignore 1').press('Enter')
    expect(await paths.isVisible()).toBe(true)
  })

  test('two archives: changed files, filtered by kind of change, and the difference in size', async () => {
    const { page } = await open('two')
    await page.getByLabel('Change').selectOption('Only in A')
    expect(await page.locator('tbody tr').allTextContents()).toEqual(['README.mdOnly in A360 B–−360 B'])
    await page.getByLabel('Change').selectOption('Changed')
    expect(await page.locator('tbody tr').allTextContents()).toEqual(['scorer.pyChanged480 B810 B+330 B'])
    // A folder that only one archive has.
    await page.getByLabel('Change').selectOption('Only in B')
    expect(await page.locator('tbody th').allTextContents()).toEqual(['dist/new.js'])
  })

  test('names with markup are shown as text, and run nothing', async () => {
    const { page, complaints, foreign } = await open('hostile')
    expect(await page.locator('tbody th').allTextContents()).toEqual([
      '<b>bold</b>/"quoted".js',
      `x/${hostile}`,
      'right\uFFFDto-left.js',
    ])
    expect(await page.locator('img, b').count()).toBe(0)
    expect({ complaints, foreign }).toEqual({ complaints: [], foreign: [] })
  })

  test('10,000 files: a filter takes less than half a second', async () => {
    const { page, complaints } = await open('many')
    const timed = (work: string): Promise<number> => page.evaluate(work)
    const filtering = await timed(`(() => {
      const filter = document.getElementById('filter')
      const start = performance.now()
      filter.value = 'module-99'
      filter.dispatchEvent(new Event('input'))
      document.body.offsetHeight
      return performance.now() - start
    })()`)
    expect(filtering).toBeLessThan(500)
    expect(await page.getByRole('status').textContent()).toBe('1 to 100 of 111 that match, of 10,000 files')
    await page.getByRole('button', { name: 'Next' }).click()
    expect(await page.getByRole('status').textContent()).toBe('101 to 111 of 111 that match, of 10,000 files')
    // The pressed button has no further page.
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('previous')
    expect(await page.locator('.tile').count()).toBeLessThan(2000)
    const loading = await timed(`performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd`)
    expect(loading).toBeLessThan(5000)
    expect(complaints).toEqual([])
  })
})
