import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'

/** The page as one document, and the policy that lets it run what is in it and nothing else. */
export interface PageDocument {
  html: string
  policy: string
}

/** Found through the package's own name: the same folder, whether this file runs from `src` or from `dist`. */
const packageJson = '@fw/evaluator-emulator/package.json'

let loaded: Promise<PageDocument> | undefined

/** Read when somebody first looks; most emulators live and die in a test that nobody watches. */
export function pageDocument(): Promise<PageDocument> {
  loaded ??= load()
  return loaded
}

async function load(): Promise<PageDocument> {
  const dir = join(createRequire(import.meta.url).resolve(packageJson), '..', 'dist', 'page')
  const read = (name: string): Promise<string> => readFile(join(dir, name), 'utf8')
  const [document, code, styles] = await Promise.all([
    read('page.html'),
    read('page.js'),
    Promise.all(['base.css', 'layout.css', 'parts.css'].map(read)),
  ])
  const style = styles.join('')
  const script = code.replaceAll('</script', '<\\/script')
  // By functions: a text as the replacement would have its `$&` replaced in turn.
  const html = document
    .replace('<style></style>', () => `<style>${style}</style>`)
    .replace('<script type="module"></script>', () => `<script type="module">${script}</script>`)
  const policy = [
    "default-src 'none'",
    `script-src '${digest(script)}'`,
    `style-src '${digest(style)}'`,
    "connect-src 'self'",
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    // A page that shows ours in a frame could make people switch on faults unawares.
    "frame-ancestors 'none'",
  ].join('; ')
  return { html, policy }
}

function digest(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`
}
