import { expect, test } from 'vitest'
import { resolveOptions } from './options.ts'
import { whyNotShipped } from './shipping.ts'

const why = (names: string[], env: Record<string, string> = {}, options: object = {}, isDev = false) => {
  const resolved = resolveOptions(Object.assign({ evaluatorId: 'my-evaluator' }, options), {})
  if (!resolved) throw new Error('switched off')
  return whyNotShipped(resolved, env, { isDev, plugins: names.map((name) => ({ name })) })
}

test.for([
  ['SvelteKit', 'vite-plugin-sveltekit-setup', 'build'],
  ['Astro', 'astro:build', 'dist'],
  ['Astro', '@astro/plugin-build-internals', 'dist'],
  ['Nuxt', 'nuxt:replace', '.output'],
  ['Nitro', 'nitro:main', '.output'],
  ['VitePress', 'vitepress', '.vitepress/dist'],
  ['WXT', 'wxt:define', '.output'],
  ['Vike', 'vike:build', 'dist'],
  ['electron-vite', 'vite:electron-renderer-config-preset', 'out'],
] as const)('%s works on after the bundler, known by %s', ([tool, plugin, output]) => {
  const text = why([plugin])
  expect(text).toContain(`${tool} works on`)
  expect(text).toContain(`&& npx fw-evaluator upload ${output} --id my-evaluator`)
  expect(text).toContain('enabled: true')
  expect(why([plugin], {}, { enabled: true })).toBeUndefined()
})

test.for([
  [['storybook:config-plugin'], {}],
  [['ladle:core'], {}],
  [['histoire-vite-plugin'], {}],
  [[], { STORYBOOK: 'true' }],
  [[], { VITEST: 'true' }],
] as const)('with plugins %j in %j nothing is for shipping', ([plugins, env]) => {
  expect(why([...plugins], env)).toContain('enabled: true')
  expect(why([...plugins], env, { enabled: true })).toBeUndefined()
  expect(why([...plugins], env, { dryRun: true })).toBeUndefined()
})

test('a dev build is not for production, with any other plugins', () => {
  expect(why([], {}, {}, true)).toMatch(/not a production build.*enabled: true/)
  expect(why(['vite:css', 'astronomy', 'my-nuxt:x'])).toBeUndefined()
})

test("webpack's plugins are recognised by their classes", () => {
  class BuildManifestPlugin {}
  const resolved = resolveOptions({ evaluatorId: 'a' }, {})
  expect(resolved && whyNotShipped(resolved, {}, { plugins: [new BuildManifestPlugin()] })).toContain(
    'npx next build && npx fw-evaluator upload .next --exclude cache --id a',
  )
})
