/** Hooks of rollup's family in which a plugin can throw. */
export const HOOKS = [
  'options',
  'buildStart',
  'resolveId',
  'load',
  'transform',
  'moduleParsed',
  'buildEnd',
  'outputOptions',
  'renderStart',
  'banner',
  'renderChunk',
  'augmentChunkHash',
  'generateBundle',
  'writeBundle',
  'closeBundle',
] as const

/** `before-writeBundle-2`: the plugin in front of ours throws at the second call of writeBundle. */
export interface Throwing {
  id: string
  hook: (typeof HOOKS)[number]
  call: 1 | 2
  place: 'before' | 'after'
  order: 'normal' | 'post'
}

/** Every hook, at its first and second call, in front of ours and behind, in both orders. */
export const THROWING: readonly Throwing[] = HOOKS.flatMap((hook) =>
  ([1, 2] as const).flatMap((call) =>
    (['before', 'after'] as const).flatMap((place) =>
      (['normal', 'post'] as const).map((order) => ({
        id: `${hook.toLowerCase()}-${call}-${place}-${order}`,
        hook,
        call,
        place,
        order,
      })),
    ),
  ),
)

/**
 * A script that builds two formats for each of {@link THROWING}, with a plugin that throws there, and prints a line for
 * each: `failed <id>` or, where that hook was not called that often, `built <id>`. `build` is code that awaits a build
 * with `plugins` and lets its error through.
 */
export function throwingScript(top: string, build: string): string {
  return `import './probe.mjs'
${top}
const all = ${JSON.stringify(THROWING)}
let current
process.on('unhandledRejection', (error) => { if (!String(error).includes('on purpose')) throw error })
for (const { id, hook, call, place, order } of all) {
  let calls = 0
  const handler = () => { if (++calls === call) throw new Error('on purpose in ' + hook); return undefined }
  const value = hook === 'banner' ? () => { handler(); return '' } : order === 'post' ? { order, handler } : handler
  const other = { name: 'other', enforce: order === 'post' ? 'post' : undefined, [hook]: value }
  const ours = fwEvaluator({ evaluatorId: id, evaluator: { entryPoint: false } })
  const plugins = place === 'before' ? [other, ours] : [ours, other]
  const outcome = await (async () => { ${build} })().then(() => 'built', () => 'failed')
  console.log(outcome + ' ' + id)
}
`
}
