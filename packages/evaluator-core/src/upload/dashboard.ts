/**
 * The evaluator's page in the browser. The service documents no rule; this is the one its Python client follows:
 * the host's `api.` becomes `app.`, and `dev.api.` becomes `dev.`.
 */
export function dashboardUrl(baseUrl: string, evaluatorId: string): string {
  const { hostname } = new URL(baseUrl)
  const host = hostname.startsWith('dev.api.')
    ? hostname.replace('dev.api.', 'dev.')
    : hostname.startsWith('api.')
      ? hostname.replace('api.', 'app.')
      : 'app.fireworks.ai'
  return `https://${host}/dashboard/evaluators/${evaluatorId}`
}
