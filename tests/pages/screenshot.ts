import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'

const folder = fileURLToPath(new URL('.reports/', import.meta.url))

/** Leaves a picture of the page in .reports, for people to look at. */
export async function picture(page: Page, name: string, fullPage = true): Promise<void> {
  await page.screenshot({ path: `${folder}${name}.png`, fullPage, animations: 'disabled' })
}
