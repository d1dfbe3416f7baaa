/** Plain http is allowed there: nothing leaves the machine. */
export function isLoopback(hostname: string): boolean {
  return /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname)
}

/**
 * The evaluator's page in the browser; without an id, the page that lists all. The service documents no rule; this is
 * the one its Python client follows: the host's `api.` becomes `app.`, and `dev.api.` becomes `dev.`. On loopback there
 * is no dashboard: the emulator shows all evaluators on one page of its own.
 */
export function dashboardUrl(baseUrl: string, evaluatorId?: string): string {
  const { hostname, origin } = new URL(baseUrl)
  if (isLoopback(hostname)) return `${origin}/`
  const host = hostname.startsWith('dev.api.')
    ? hostname.replace('dev.api.', 'dev.')
    : hostname.startsWith('api.')
      ? hostname.replace('api.', 'app.')
      : 'app.fireworks.ai'
  return `https://${host}/dashboard/evaluators${evaluatorId === undefined ? '' : `/${evaluatorId}`}`
}
