/// <reference path="./undici-files.d.ts" />
import type { Agent, Dispatcher } from 'undici'

type Options = Omit<Dispatcher.RequestOptions, 'origin' | 'path' | 'query'>

/** What an upload needs of undici. */
export interface Undici {
  readonly Agent: typeof Agent
  /** One request over `dispatcher`, which may be one of another version of undici. */
  request(dispatcher: Dispatcher, url: string, options: Options): Promise<Dispatcher.ResponseData>
}

/**
 * The one exception to the rule that packages are imported by their public doors: 25 of undici's 110 files, in 25 ms in
 * place of 70 to 95 (Node 20 and 24), while somebody waits. And its index makes an Agent of its own the one that the
 * global `fetch` uses from then on: a plugin that uploads would change how all other plugins of the build fetch. The
 * files are no documented entries, though every version of undici 7 has them: where one is missing, the index does the
 * same.
 */
export function loadUndici(): Promise<Undici> {
  // Once: every request asks for it.
  loading ??= loadFiles().catch(loadIndex)
  return loading
}

let loading: Promise<Undici> | undefined

async function loadFiles(): Promise<Undici> {
  const [{ default: Agent }, { default: request }] = await Promise.all([
    import('undici/lib/dispatcher/agent.js'),
    import('undici/lib/api/api-request.js'),
  ])
  return {
    Agent,
    request(dispatcher, url, options) {
      const { origin, pathname, search } = new URL(url)
      return request.call(dispatcher, { ...options, origin, path: `${pathname}${search}` })
    },
  }
}

async function loadIndex(): Promise<Undici> {
  // By its file: for the bare name Bun gives a stand-in of its own, which has no Agent that works.
  const { Agent, request } = await import('undici/index.js')
  return {
    Agent,
    request: (dispatcher, url, options) => request(url, { ...options, dispatcher }),
  }
}
