/**
 * Runs two tasks side by side. Where one fails, the other is aborted and awaited, so that nothing of it goes on
 * afterwards, and the error that came first is thrown. `undo` clears what the first task made if the second failed.
 */
export async function both<A, B>(
  parent: AbortSignal,
  first: (signal: AbortSignal) => Promise<A>,
  second: (signal: AbortSignal) => Promise<B>,
  undo: (made: A) => Promise<void>,
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
    const [a, b] = await Promise.all([watch(first), watch(second)])
    if (a && b) return [a.value, b.value]
    if (a) await undo(a.value)
    throw errors[0]
  } finally {
    parent.removeEventListener('abort', follow)
  }
}
