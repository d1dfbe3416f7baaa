import { setImmediate } from 'node:timers/promises'

/**
 * Runs two tasks side by side; the event loop turns once before the second begins, so that what the first asks for is on
 * its way although the second works without a pause. Where one fails, the other is aborted and awaited, so that nothing
 * of it goes on afterwards, and the error that came first is thrown. `undo` clears what the second task made if the
 * first failed.
 */
export async function concurrently<A, B>(
  parent: AbortSignal,
  first: (signal: AbortSignal) => Promise<A>,
  second: (signal: AbortSignal) => Promise<B>,
  undo: (made: B) => Promise<void>,
): Promise<[A, B]> {
  const controller = new AbortController()
  const follow = () => controller.abort(parent.reason)
  if (parent.aborted) follow()
  parent.addEventListener('abort', follow, { once: true })
  const errors: unknown[] = []
  const watch = async <T>(task: (signal: AbortSignal) => Promise<T>) => {
    try {
      return { value: await task(controller.signal) }
    } catch (error) {
      errors.push(error)
      controller.abort(error)
      return undefined
    }
  }
  try {
    const begun = watch(first)
    await setImmediate()
    if (errors.length > 0) throw errors[0]
    const [a, b] = await Promise.all([begun, watch(second)])
    if (a && b) return [a.value, b.value]
    if (b) await undo(b.value)
    throw errors[0]
  } finally {
    parent.removeEventListener('abort', follow)
  }
}
