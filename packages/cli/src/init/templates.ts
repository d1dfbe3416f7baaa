import { type Bundler, type PackageManager, type Project, posixPath } from './project.ts'

/** The paths of an evaluator's files. */
export interface Layout {
  readonly id: string
  readonly bundler: Bundler
  /** The config or script that builds only the evaluator. */
  readonly config: string
  readonly score: string
  readonly rows: string
  /** Name of the script in package.json that builds it. */
  readonly script: string
  /** The output folder, if the usual one belongs to something else. */
  readonly outDir?: string
}

export const PLUGINS: Readonly<Record<Bundler, string>> = {
  vite: '@fw/vite-plugin',
  esbuild: '@fw/esbuild-plugin',
}

/** In an existing project, the evaluator gets its own config and folder. */
export function layOut(project: Project, id: string, bundler: Bundler): Layout {
  const { isModule, hasPackageJson, isEvaluator, isTypeScript, scripts } = project
  if (!hasPackageJson || isEvaluator) {
    const config = bundler === 'vite' ? 'vite.config.ts' : 'build.mjs'
    return { id, bundler, config, score: 'src/score.ts', rows: 'rows.jsonl', script: 'evaluator' }
  }
  const extension = isTypeScript ? 'ts' : 'js'
  // Without `type: module`, Node treats .ts and .js as CommonJS.
  const config = isTypeScript ? (isModule ? 'ts' : 'mts') : 'mjs'
  const layout = {
    id,
    bundler,
    config: bundler === 'vite' ? `evaluator.vite.${config}` : 'evaluator.build.mjs',
    score: `evaluator/score.${extension}`,
    rows: 'evaluator/rows.jsonl',
    script: 'evaluator',
    outDir: 'dist-evaluator',
  }
  const isFree = [undefined, buildCommand(layout)].includes(textOf(scripts.evaluator))
  return isFree ? layout : { ...layout, script: 'build:evaluator' }
}

function textOf(value: unknown): string | undefined {
  return value === undefined ? undefined : String(value)
}

/** A config without an entry, so that the scorer is the only one. */
export function configSource({ id, bundler, score, rows, outDir }: Layout): string {
  const plugin = `fwEvaluator({ evaluatorId: '${id}', score: '${score}', rows: '${rows}', wait: true })`
  if (bundler === 'esbuild') {
    return `import { fwEvaluator } from '@fw/esbuild-plugin'
import { build } from 'esbuild'

await build({
${outDir ? `  outdir: '${outDir}',\n` : ''}  plugins: [${plugin}],
})
`
  }
  return `import { fwEvaluator } from '@fw/vite-plugin'
import { defineConfig } from 'vite'

export default defineConfig({
${outDir ? `  build: { outDir: '${outDir}' },\n` : ''}  plugins: [${plugin}],
})
`
}

export function scoreSource(isTypeScript: boolean): string {
  if (isTypeScript) {
    return `import type { EvaluateResult, EvaluationRow } from '@fw/evaluator-scorer'

/** From 0, bad, to 1, good: how good the model's answer is. */
export default async function score(row: EvaluationRow): Promise<EvaluateResult | number> {
  const answer = String(row.messages.at(-1)?.content ?? '').trim()
  return { score: answer === row.groundTruth ? 1 : 0, reason: answer }
}
`
  }
  return `/**
 * From 0, bad, to 1, good: how good the model's answer is.
 *
 * @type {import('@fw/evaluator-scorer').Score}
 */
export default async function score(row) {
  const answer = String(row.messages.at(-1)?.content ?? '').trim()
  return { score: answer === row.groundTruth ? 1 : 0, reason: answer }
}
`
}

const ROWS: readonly { question: string; answer: string; truth: string }[] = [
  { question: 'What is 2 + 2? Answer with the number only.', answer: '4', truth: '4' },
  { question: 'What is the capital of France? Answer with its name only.', answer: 'Paris', truth: 'Paris' },
  { question: 'Is a whale a fish? Answer yes or no.', answer: 'yes', truth: 'no' },
]

/** Each row has an answer to score without a model. If a model is asked, eval-protocol drops it. */
export function rowsSource(): string {
  return ROWS.map(({ question, answer, truth }) => {
    const messages = [
      { role: 'user', content: question },
      { role: 'assistant', content: answer },
    ]
    return `${JSON.stringify({ messages, ground_truth: truth })}\n`
  }).join('')
}

/** The command of the script in package.json. */
function buildCommand({ bundler, config }: Pick<Layout, 'bundler' | 'config'>): string {
  if (bundler === 'esbuild') return `node ${config}`
  return config.startsWith('vite.config.') ? 'vite build' : `vite build --config ${config}`
}

/** package.json with the script, otherwise unchanged. */
export function withScript(text: string | undefined, layout: Layout): string {
  const manifest = text === undefined ? { name: layout.id, private: true, type: 'module' } : JSON.parse(text)
  const indent = /^\{\r?\n(\s+)/.exec(text ?? '')?.[1] ?? 2
  const scripts = { ...manifest.scripts, [layout.script]: buildCommand(layout) }
  return `${JSON.stringify({ ...manifest, scripts }, null, indent)}\n`
}

/** The variables of the build, and how to load them from a file: no bundler does that for plugins. */
export function envExample(layout: Layout): string {
  const build = buildCommand(layout)
    .replace(/^vite/, 'node_modules/vite/bin/vite.js')
    .replace(/^node /, '')
  return `# Copy to .env, which stays out of every upload (and should stay out of git), and build with it:
#   node --env-file=.env ${build}
FIREWORKS_API_KEY=
# Only if the key is for several accounts:
FIREWORKS_ACCOUNT_ID=
`
}

const ADD: Readonly<Record<PackageManager, string>> = {
  npm: 'npm install -D',
  pnpm: 'pnpm add -D',
  yarn: 'yarn add -D',
  bun: 'bun add -d',
}

/** The command that installs all packages that the files and messages of `init` use. */
export function installCommand({ packageManager }: Project, packages: readonly string[]): string {
  return `${ADD[packageManager]} ${packages.join(' ')}`
}

const INSTALL: Readonly<Record<PackageManager, string>> = {
  npm: 'npm ci',
  pnpm: 'pnpm install --frozen-lockfile',
  yarn: 'yarn install --frozen-lockfile',
  bun: 'bun install --frozen-lockfile',
}

/**
 * A workflow for the root of the repository, where GitHub looks for it. @param dir folder of the evaluator, absolute
 */
export function workflow(project: Project, dir: string, command: string): string {
  const { packageManager, gitRoot, installRoot } = project
  const enable =
    packageManager === 'pnpm' || packageManager === 'yarn' ? '      - run: corepack enable\n' : ''
  const bun = packageManager === 'bun' ? '      - uses: oven-sh/setup-bun@v2\n' : ''
  const inFolder = (folder: string): string =>
    folder === gitRoot ? '' : `        working-directory: ${posixPath(gitRoot, folder)}\n`
  const install = project.hasPackageJson
    ? `${enable}${bun}      - run: ${INSTALL[packageManager]}\n${inFolder(installRoot)}`
    : ''
  return `name: evaluator
on:
  push:
    branches: [main]
jobs:
  upload:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v5
      - uses: actions/setup-node@v5
        with:
          node-version: 24
${install}      - run: ${command}
${inFolder(dir)}        env:
          FIREWORKS_API_KEY: \${{ secrets.FIREWORKS_API_KEY }}
`
}
