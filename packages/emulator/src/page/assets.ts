import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pageDocument } from '@fw/pages/document'

/** Resolved by the package's own name, so that it works from `src` and from `dist`. */
const packageJson = '@fw/evaluator-emulator/package.json'

let loaded: Promise<{ html: string; policy: string }> | undefined

/** The page and its policy. Read at the first visit: most emulators run in tests, where nobody opens the page. */
export function loadPage(): Promise<{ html: string; policy: string }> {
  loaded ??= load()
  return loaded
}

async function load(): Promise<{ html: string; policy: string }> {
  const dir = join(createRequire(import.meta.url).resolve(packageJson), '..', 'dist', 'page')
  const read = (name: string): Promise<string> => readFile(join(dir, name), 'utf8')
  const [template, script, ...styles] = await Promise.all(
    ['page.html', 'page.js', 'base.css', 'layout.css', 'parts.css'].map(read),
  )
  return pageDocument({
    template: template ?? '',
    script: script ?? '',
    styles,
    // Another website could show the page in a frame and make people click on it without knowing.
    policy: ["connect-src 'self'", "frame-ancestors 'none'"],
  })
}
