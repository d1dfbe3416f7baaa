import { createHash } from 'node:crypto'

/** The parts of a page. */
export interface PageParts {
  /** HTML with places for the other parts: `<!--style-->`, `<!--script-->`, and the names in `places`. */
  template: string
  styles: readonly string[]
  script: string
  /** More rules for the page's policy, which allows only its own style and script. */
  policy?: readonly string[]
  /** The content of the template's other places, by name. */
  places?: (policy: string) => Readonly<Record<string, string>>
}

/**
 * Makes a page of one document that loads nothing, and its Content-Security-Policy, which allows only the page's own
 * style and script, even if a text breaks out of its place.
 */
export function pageDocument(parts: PageParts): { html: string; policy: string } {
  const style = parts.styles.join('')
  const script = parts.script.replaceAll('</script', '<\\/script')
  const policy = [
    "default-src 'none'",
    `script-src '${digest(script)}'`,
    `style-src '${digest(style)}'`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    ...(parts.policy ?? []),
  ].join('; ')
  const places: Readonly<Record<string, string>> = {
    ...parts.places?.(policy),
    style: `<style>${style}</style>`,
    script: `<script type="module">${script}</script>`,
  }
  // In one pass and by a function, so that a text with `<!--style-->` or `$&` in it stays text.
  const html = parts.template.replace(/<!--(\w+)-->/g, (_, place: string) => places[place] ?? '')
  return { html, policy }
}

function digest(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`
}
