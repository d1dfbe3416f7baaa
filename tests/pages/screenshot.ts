import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'

const folder = fileURLToPath(new URL('.reports/', import.meta.url))

/** Saves a screenshot of the page to .reports, for people. */
export async function picture(page: Page, name: string, fullPage = true): Promise<void> {
  await page.screenshot({ path: `${folder}${name}.png`, fullPage, animations: 'disabled' })
}
