import { type Browser, type Page, chromium as playwright } from 'playwright-core'
import { afterAll, describe, inject, onTestFinished, test } from 'vitest'

/** Widths that the pages are made for, in CSS pixels: a phone and a desk. */
export const widths = [390, 1400] as const
export const schemes = ['light', 'dark'] as const

// Not the package's own: they switch off web security, which is under test, and run all in one process, which ends
// with the first context that is closed. Containers that run as root have no use for the sandbox.
const flags = ['--no-sandbox', '--no-zygote', '--disable-gpu', '--font-render-hinting=none']
/** How long a test waits for an element, in milliseconds; then its message names the element. */
const patienceMs = 10_000

async function startBrowser(): Promise<Browser | string> {
  const chromium = inject('chromium')
  if ('missing' in chromium) return chromium.missing
  try {
    return await playwright.launch({ executablePath: chromium.path, args: flags, headless: true })
  } catch (error) {
    return String(error).split('\n')[0] ?? ''
  }
}

/** Tests that need a Chromium. Where none can start, they are skipped, and the report says why. */
export async function describeInBrowser(name: string, define: (browser: Browser) => void): Promise<void> {
  const browser = await startBrowser()
  if (typeof browser === 'string') {
    test.skip(`${name}: no Chromium starts here: ${browser}`)
    return
  }
  describe(name, () => {
    afterAll(() => browser.close())
    define(browser)
  })
}

export interface OpenedPage {
  page: Page
  /** What the console said that is an error or a warning, and what no script caught. */
  complaints: string[]
  /** Requests to anywhere but the page's own origin. */
  foreign: string[]
}

export interface Look {
  width?: number
  scheme?: 'light' | 'dark'
}

/** Opens a page that is closed when the test ends. */
export async function openPage(
  browser: Browser,
  url: string,
  { width = 1400, scheme = 'light' }: Look = {},
): Promise<OpenedPage> {
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme: scheme })
  onTestFinished(() => context.close())
  context.setDefaultTimeout(patienceMs)
  const page = await context.newPage()
  const complaints: string[] = []
  const foreign: string[] = []
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('request', (request) => {
    const { origin, protocol } = new URL(request.url())
    if (origin !== new URL(url).origin && protocol !== 'data:') foreign.push(request.url())
  })
  await page.goto(url)
  return { page, complaints, foreign }
}
