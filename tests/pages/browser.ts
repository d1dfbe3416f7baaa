import { type Browser, type Page, chromium as playwright } from 'playwright-core'
import { afterAll, describe, inject, onTestFinished, test } from 'vitest'

/** Widths that the pages are made for, in CSS pixels: a phone and a desk. */
export const widths = [390, 1400] as const
export const schemes = ['light', 'dark'] as const

// Not the flags of the package: they turn off web security, which these tests check, and run everything in one process,
// which ends when the first context closes. A container that runs as root cannot use the sandbox.
const flags = ['--no-sandbox', '--no-zygote', '--disable-gpu', '--font-render-hinting=none']
/** Milliseconds that a test waits for an element. The error then names the element. */
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

/** Tests that need Chromium. If it cannot start, they are skipped, and the report says why. */
export async function describeInBrowser(name: string, define: (browser: Browser) => void): Promise<void> {
  const browser = await startBrowser()
  if (typeof browser === 'string') {
    test.skip(`${name}: Chromium does not start here: ${browser}`)
    return
  }
  describe(name, () => {
    afterAll(() => browser.close())
    define(browser)
  })
}

export interface OpenedPage {
  page: Page
  /** Errors and warnings in the console, and uncaught errors. */
  complaints: string[]
  /** Requests to other origins than that of the page. */
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
