import { setFlagsFromString } from 'node:v8'

const FLAG = '--wasm-tiering-budget'
const UNREACHED = 1_000_000_000

/** V8's own value, by V8's major version: Node 20, 22, 24 and 26. `node --v8-options` prints it. */
export const TIERING_BUDGETS: Readonly<Record<string, number>> = {
  11: 1_800_000,
  12: 13_000_000,
  13: 13_000_000,
  14: 13_000_000,
}

let isCompiled = false

/**
 * Undici's HTTP parser is WebAssembly. After a few answers V8 compiles it once more for speed, in the background, and no
 * process ends before that is done: that is 40 to 90 ms after an upload of six answers. V8 reads the budget until then
 * when a module is compiled, and undici compiles while it is handed its first socket. So the flag is another for this
 * call alone. All other WebAssembly of the process keeps V8's value; and so do Node's own modules, whose code is
 * cached for one set of flags (with the flag set from the start, they take 20 ms more). Bun takes the call and has no
 * such flag.
 *
 * @param handOver gives undici a socket
 */
export function compileParserOnce(handOver: () => void): void {
  const { v8 = '' } = process.versions
  const usual = TIERING_BUDGETS[v8.slice(0, v8.indexOf('.'))]
  if (isCompiled || usual === undefined || isChosen()) {
    handOver()
    return
  }
  isCompiled = true
  setFlagsFromString(`${FLAG}=${UNREACHED}`)
  try {
    handOver()
  } finally {
    setFlagsFromString(`${FLAG}=${usual}`)
  }
}

/** Flags cannot be read, so that one which the user has set could not be restored. */
function isChosen(): boolean {
  return [...process.execArgv, process.env.NODE_OPTIONS ?? ''].some((given) =>
    /wasm[-_]tiering[-_]budget/.test(given),
  )
}
