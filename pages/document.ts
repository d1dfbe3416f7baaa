import { createHash } from 'node:crypto'

/** What a page is put together from. */
export interface PageParts {
  /** HTML with places for the rest: `<!--style-->`, `<!--script-->`, and those that `places` names. */
  template: string
  styles: readonly string[]
  script: string
  /** More of the page's policy than that nothing but its own style and script may load. */
  policy?: readonly string[]
  /** What stands in the template's other places, by name. */
  places?: (policy: string) => Readonly<Record<string, string>>
}

/**
 * A page as one document that needs nothing else and asks nobody, and the Content-Security-Policy that lets it run
 * what is in it and nothing more: not even if a text found a way out of its place.
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
  // In one pass and by a function: a text that looks like a place, or that has a `$&` in it, is a text.
  const html = parts.template.replace(/<!--(\w+)-->/g, (_, place: string) => places[place] ?? '')
  return { html, policy }
}

function digest(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`
}
