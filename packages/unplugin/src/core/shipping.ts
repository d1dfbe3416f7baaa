import type { Environment, ResolvedOptions } from './options.ts'

/** Recognises a tool by its plugins in the build. */
interface Tool {
  readonly name: string
  readonly plugins: RegExp
  /** Tools that borrow a project's config for pages of their own have none of these. */
  readonly works?: {
    readonly build: string
    /** What `fw-evaluator upload` gets: the folder that is delivered, and what of it is not. */
    readonly output: string
  }
}

const TOOLS: readonly Tool[] = [
  { name: 'Storybook', plugins: /^(vite:)?storybook[:-]/ },
  { name: 'Ladle', plugins: /^ladle:/ },
  { name: 'Histoire', plugins: /^histoire[:-]/ },
  // These go on after the bundler: prerendering, adapters, a server's bundle.
  { name: 'Nuxt', plugins: /^nuxt:/, works: { build: 'npx nuxt build', output: '.output' } },
  { name: 'Nitro', plugins: /^nitro[:-]|^nitro$/, works: { build: 'npx vite build', output: '.output' } },
  { name: 'Astro', plugins: /^(astro:|@astro(js)?\/)/, works: { build: 'npx astro build', output: 'dist' } },
  {
    name: 'SvelteKit',
    plugins: /^vite-plugin-sveltekit-/,
    works: { build: 'npx vite build', output: 'build' },
  },
  {
    name: 'VitePress',
    plugins: /^vitepress/,
    works: { build: 'npx vitepress build', output: '.vitepress/dist' },
  },
  { name: 'WXT', plugins: /^wxt:/, works: { build: 'npx wxt build', output: '.output' } },
  { name: 'Vike', plugins: /^vike(:|$)/, works: { build: 'npx vike build', output: 'dist' } },
  {
    name: 'electron-vite',
    plugins: /^vite:electron-/,
    works: { build: 'npx electron-vite build', output: 'out' },
  },
  {
    name: 'Next',
    plugins: /^next(js)?[-:]|^(NextJs|NextTypes|BuildManifestPlugin)/i,
    works: { build: 'npx next build', output: '.next --exclude cache' },
  },
]

/**
 * The reason why the output of a build is not for production, and how to upload it anyway; `undefined` if it is. A dry
 * run sends nothing, and `enabled: true` uploads anyway.
 */
export function whyNotShipped(
  { insists, evaluatorId, upload: { dryRun } }: ResolvedOptions,
  env: Environment,
  { isDev = false, plugins = [] }: { isDev?: boolean; plugins?: readonly unknown[] },
): string | undefined {
  if (insists || dryRun) return undefined
  const names = plugins.flatMap((plugin) => [nameOf(plugin)].flat())
  const tool = TOOLS.find((one) => names.some((name) => one.plugins.test(name)))
  const insist = 'enabled: true uploads what the bundler writes all the same.'
  if (tool?.works) {
    const { build, output } = tool.works
    return `${tool.name} works on after the bundler has ended. Upload what it delivers: ${build} && npx fw-evaluator upload ${output} --id ${evaluatorId} (${insist})`
  }
  if (tool) return `${tool.name} builds pages of its own with this config. (${insist})`
  if (env.STORYBOOK) return `Storybook builds pages of its own with this config. (${insist})`
  if (env.VITEST) return `Vitest runs this build. (${insist})`
  return isDev ? `this is not a production build. (${insist})` : undefined
}

/** A plugin's name. Webpack's plugins have no name, so it is that of the class. */
function nameOf(plugin: unknown): string {
  if (typeof plugin !== 'object' || plugin === null) return ''
  return 'name' in plugin && typeof plugin.name === 'string' ? plugin.name : (plugin.constructor?.name ?? '')
}
