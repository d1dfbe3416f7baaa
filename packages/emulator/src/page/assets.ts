import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pageDocument } from '@fw/pages/document'

/** Found through the package's own name: the same folder, whether this file runs from `src` or from `dist`. */
const packageJson = '@fw/evaluator-emulator/package.json'

let loaded: Promise<{ html: string; policy: string }> | undefined

/** The page and its policy. Read when somebody first looks: most emulators are started by tests that nobody watches. */
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
    // A page that shows ours in a frame could make people switch on faults unawares.
    policy: ["connect-src 'self'", "frame-ancestors 'none'"],
  })
}
