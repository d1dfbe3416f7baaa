import type { IncomingMessage } from 'node:http'

const loopbackNames = new Set(['127.0.0.1', 'localhost', '[::1]'])

/**
 * Why a request must not reach the page's part of the server, which asks for no key: another website's script is
 * behind it. A name that was rebound to 127.0.0.1 shows in Host, a page of another origin in Origin; requests without
 * an Origin, such as an image's, in Sec-Fetch-Site. Programs that are no browsers send none of the last two.
 */
export function refusalFor({ headers }: IncomingMessage, isNavigation: boolean): string | undefined {
  const { host = '', origin } = headers
  const url = `http://${host}`
  if (!URL.canParse(url) || !loopbackNames.has(new URL(url).hostname)) {
    return 'This page is served on 127.0.0.1 and localhost only.'
  }
  // The scheme is not compared: no other server can be on the same host and port.
  if (origin !== undefined && (!URL.canParse(origin) || new URL(origin).host !== host)) {
    return 'Other websites may not use the emulator.'
  }
  const site = headers['sec-fetch-site']
  // A link on another site may lead to the page; what the page shows stays unreadable for that site.
  if (isNavigation || site === undefined || site === 'same-origin' || site === 'none') return undefined
  return 'Other websites may not use the emulator.'
}
