import { uploadEvaluator } from '@fw/evaluator-core'
import { type Emulator, startEmulator } from '@fw/evaluator-emulator'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { overflowing, violations } from './axe.ts'
import { describeInBrowser, type Look, openPage, schemes, widths } from './browser.ts'
import { picture } from './screenshot.ts'

let emulator: Emulator

await describeInBrowser("the emulator's page", (browser) => {
  beforeEach(async () => {
    emulator = await startEmulator({ apiKey: 'fw_MARKERKEY_5a1d', buildMs: 1 })
  })
  afterEach(() => emulator.close())

  const open = async (look?: Look) => {
    const opened = await openPage(browser, emulator.url, look)
    await opened.page.getByText('Live').waitFor()
    return opened
  }
  const upload = (evaluatorId: string, files: Record<string, string> = {}) =>
    uploadEvaluator({
      evaluatorId,
      evaluator: { entryPoint: false },
      source: {
        files: { 'requirements.txt': 'numpy\n', 'scorer.py': 'def score(): return 1\n', ...files },
      },
      apiKey: emulator.apiKey,
      accountId: emulator.accountId,
      baseUrl: emulator.url,
      retry: { baseDelayMs: 1 },
      wait: { intervalMs: 100 },
    })

  test.for(widths.flatMap((width) => schemes.map((scheme) => ({ width, scheme }))))(
    'no violation in axe, no error in the console: $width px, $scheme',
    async ({ width, scheme }) => {
      emulator.faults.add(
        { step: 'create', do: { kind: 'status', status: 503 } },
        { step: 'put', after: 1, times: 3, do: { kind: 'reset-mid-body' } },
      )
      await upload('my-evaluator')
      emulator.faults.add({
        step: 'validate',
        do: { kind: 'build-fails', log: 'ModuleNotFoundError: numpy\n' },
      })
      emulator.faults.add({ step: 'get', after: 9, do: { kind: 'hang' } })
      await upload('another-evaluator').catch(() => {})
      await fetch(`${emulator.url}/v1/accounts`, { headers: { authorization: 'Bearer fw_other' } })
      const { page, complaints, foreign } = await open({ width, scheme })
      await page.getByText('UNAUTHORIZED').waitFor()
      expect(await violations(page)).toEqual([])
      expect(await overflowing(page)).toEqual([])
      await picture(page, `emulator-${width}-${scheme}`)
      for (const name of width < 900 ? ['Evaluators', 'Faults'] : []) {
        await page.getByRole('button', { name }).click()
        expect(await violations(page)).toEqual([])
        expect(await overflowing(page)).toEqual([])
        await picture(page, `emulator-${width}-${scheme}-${name.toLowerCase()}`)
      }
      expect({ complaints, foreign }).toEqual({ complaints: [], foreign: [] })
    },
  )

  test.for([
    { width: 390, scheme: 'dark' },
    { width: 1400, scheme: 'light' },
  ] as const)('the contents of an archive, and axe finds nothing: $width px, $scheme', async (look) => {
    await upload('my-evaluator')
    const { page } = await open(look)
    if (look.width < 900) await page.getByRole('button', { name: 'Evaluators' }).click()
    await page.getByRole('button', { name: 'Contents and log of my-evaluator' }).click()
    const files = page.getByRole('region', { name: 'Files in my-evaluator.tar.gz' })
    await files.waitFor()
    expect(await files.getByRole('listitem').allTextContents()).toEqual([
      'my-evaluator/requirements.txt6 B',
      'my-evaluator/scorer.py22 B',
    ])
    expect(await page.getByRole('region', { name: 'Build log' }).textContent()).toMatch(/built successfully/)
    expect(await violations(page)).toEqual([])
    await picture(page, `emulator-${look.width}-${look.scheme}-contents`, false)
  })

  test('an answer is shown without its signatures', async () => {
    await upload('my-evaluator')
    const { page } = await open()
    const row = page.locator('#requests tr').filter({ has: page.locator('.step', { hasText: /^endpoint/ }) })
    await row.getByRole('button').click()
    const answer = page.getByRole('region', { name: "Answer's body" })
    await answer.waitFor()
    expect(await answer.textContent()).toMatch(/X-Goog-Signature=\[redacted\]/)
    expect(await page.content()).not.toMatch(/[0-9a-f]{512}/)
    expect(await violations(page)).toEqual([])
    await picture(page, 'emulator-1400-light-request', false)
  })

  test.for(widths)(
    'with many evaluators and requests the page fits the window, newest first: %s px',
    async (width) => {
      const ids = Array.from({ length: 14 }, (_, index) => `evaluator-${index + 1}`)
      for (const id of ids) await upload(id)
      const { page } = await open({ width })
      expect(await page.evaluate(() => document.documentElement.scrollHeight)).toBeLessThanOrEqual(900)
      if (width < 900) await page.getByRole('button', { name: 'Evaluators' }).click()
      expect(await page.locator('.evaluators .link').allTextContents()).toEqual(ids.toReversed())
      await page.getByRole('region', { name: 'List of evaluators' }).press('End')
      await page.getByRole('button', { name: 'Contents and log of evaluator-1', exact: true }).click()
      await page.getByRole('region', { name: 'Build log' }).waitFor()
      await page.keyboard.press('Escape')
      if (width < 900) await page.getByRole('button', { name: 'Faults' }).click()
      await page.getByLabel('What goes wrong').waitFor()
      await picture(page, `emulator-${width}-many`)
    },
  )

  test('the page shows an upload while it runs, without key and signature', async () => {
    const { page } = await open()
    expect(await page.getByText('None yet. They').isVisible()).toBe(true)
    await upload('my-evaluator')
    await page.locator('.state.ACTIVE').waitFor()
    // Newest first: the first row is the GET that returned ACTIVE.
    expect(await page.locator('#requests .step').last().textContent()).toMatch(/^(verifyApiKey|get|create)/)
    expect(await page.locator('#news').textContent()).toBe('my-evaluator is ACTIVE')
    const put = page.locator('#requests tr').filter({ has: page.locator('.path', { hasText: /^PUT/ }) })
    await put.getByRole('button').click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('X-Goog-Signature: [redacted]').waitFor()
    await dialog.getByText('Status200').waitFor()
    expect(await dialog.getByRole('region', { name: "Answer's headers" }).textContent()).toMatch(
      /x-goog-hash/,
    )
    const told = (await page.content()) + (await dialog.textContent())
    expect(told).not.toContain(emulator.apiKey)
    expect(told).not.toMatch(/[0-9a-f]{512}/)
    await page.keyboard.press('Escape')
    expect(await dialog.isVisible()).toBe(false)
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toMatch(
      /^Details of request/,
    )
  })

  test('by keyboard: a fault is turned on and happens, another one is turned off', async () => {
    const { page } = await open()
    await page.getByLabel('What goes wrong').selectOption('Connection reset before anything is done')
    await page.getByLabel('At which step').selectOption('validate')
    await page.getByLabel('How many times').fill('2')
    await page.keyboard.press('Enter')
    await page.getByText('at validate, 2 times').waitFor()
    expect(emulator.faults.pending).toEqual([{ step: 'validate', do: { kind: 'reset' }, times: 2, after: 0 }])
    await upload('my-evaluator')
    await page.getByText('No fault is on').waitFor()
    expect(await page.locator('#requests .fault').count()).toBe(2)

    emulator.faults.add({ step: 'list', do: { kind: 'hang' } })
    await page.getByRole('button', { name: 'Turn off: No answer at list' }).press('Enter')
    await page.getByText('No fault is on').waitFor()
    expect(emulator.faults.pending).toEqual([])
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('fault-kind')
  })

  test('the form sends the fields of a fault, and no value out of range', async () => {
    const { page } = await open()
    await page.getByLabel('What goes wrong').selectOption('Answers with a status')
    await page.getByLabel('Only for evaluator').fill('x')
    await page.getByRole('button', { name: 'Turn on' }).click()
    await page.getByText('at verifyApiKey, of x, status 503').waitFor()
    await page.getByLabel('Status', { exact: true }).fill('9')
    await page.getByRole('button', { name: 'Turn on' }).click()
    expect(emulator.faults.pending).toHaveLength(1)
  })

  test('a filter by words, and one for failed requests', async () => {
    emulator.faults.add({ step: 'endpoint', do: { kind: 'status', status: 500 } })
    await upload('my-evaluator')
    const { page } = await open()
    const shown = () => page.locator('#requests tr:visible').count()
    const all = emulator.requests.length
    expect(await shown()).toBe(all)
    await page.getByLabel('Filter').fill('endpoint 500')
    expect(await shown()).toBe(1)
    await page.getByText(`Showing 1 of ${all}`).first().waitFor()
    await page.getByLabel('Filter').fill('')
    await page.getByLabel('Only what went wrong').check()
    // The 404s before the create are no failures.
    expect(emulator.requests.filter(({ status }) => status === 404)).not.toEqual([])
    expect(await page.locator('#requests tr:visible .status').allTextContents()).toEqual(['500'])
  })

  test('10,000 files in an archive', async () => {
    const names = Array.from({ length: 10_000 }, (_, index) => `part-${index % 40}/module-${index}.js`)
    await upload('big', Object.fromEntries(names.map((name) => [name, 'x'])))
    const { page, complaints } = await open()
    await page.getByRole('button', { name: 'Contents and log of big' }).click()
    await page.getByText('10002 entries').waitFor()
    expect(await page.locator('.files li').count()).toBe(10_002)
    await page.keyboard.press('Escape')
    expect(complaints).toEqual([])
  })

  test('another website can neither read nor change anything', async () => {
    const stranger = await startEmulator()
    try {
      // Another origin on the same machine: the closest possible stranger.
      const { page } = await openPage(browser, stranger.url)
      const answer = await page.evaluate(async (target) => {
        const init = {
          method: 'POST',
          mode: 'no-cors',
          body: '{"step":"get","do":{"kind":"reset"}}',
        } as const
        const tried = await Promise.allSettled([
          fetch(`${target}/_emulator/faults`, init),
          fetch(`${target}/_emulator/requests/1`),
        ])
        return tried.map(({ status }) => status)
      }, emulator.url)
      expect(answer[1]).toBe('rejected')
      expect(emulator.faults.pending).toEqual([])
    } finally {
      await stranger.close()
    }
  })

  test('the page says that the emulator is closed', async () => {
    const { page } = await open()
    await emulator.close()
    await page.getByText('No connection').waitFor()
  })
})
