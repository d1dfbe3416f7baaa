import type { Bundler, Project } from './project.ts'

/** `my-evaluator` → `test_my_evaluator`: pytest finds files and functions by this prefix. */
export function pythonName(evaluatorId: string): string {
  return `test_${evaluatorId.replaceAll('-', '_')}`
}

/** Runs the bundle in V8, and is the entry point of the evaluator. */
export function pythonEntry(evaluatorId: string): string {
  return `"""Scores rows with the JavaScript that was bundled into scorer.js."""

from pathlib import Path

from eval_protocol.models import EvaluateResult, EvaluationRow, Message
from eval_protocol.pytest import NoOpRolloutProcessor, evaluation_test
from py_mini_racer import MiniRacer

HERE = Path(__file__).parent


def load_bundle() -> MiniRacer:
    # In the archive the bundle lies beside this file; before the upload it lies where the bundler wrote it.
    bundle = next(path for path in (HERE / "scorer.js", HERE / "dist" / "scorer.js") if path.exists())
    engine = MiniRacer()
    engine.eval(bundle.read_text(encoding="utf-8"))
    return engine


ENGINE = load_bundle()

ROWS = [
    EvaluationRow(
        messages=[Message(role="user", content="2 + 2?"), Message(role="assistant", content="4")],
        ground_truth="4",
    ),
]


@evaluation_test(input_rows=[ROWS], rollout_processor=NoOpRolloutProcessor(), mode="pointwise")
def ${pythonName(evaluatorId)}(row: EvaluationRow) -> EvaluationRow:
    answer = row.messages[-1].content or ""
    score = ENGINE.call("scorer.score", str(answer), str(row.ground_truth))
    row.evaluation_result = EvaluateResult(score=float(score))
    return row
`
}

export const REQUIREMENTS = 'eval-protocol>=0.3.33\nmini-racer>=0.14.1\npytest>=8\n'

/** The variables of the build, and how they get there from a file: neither bundler reads them by itself. */
export function envExample(bundler: Bundler, file: string): string {
  const script = bundler === 'vite' ? 'node_modules/vite/bin/vite.js build' : file
  return `# Copy to .env, which stays out of every upload (and should stay out of git), and build with it:
#   node --env-file=.env ${script}
FIREWORKS_API_KEY=
# Only where the key is for several accounts:
FIREWORKS_ACCOUNT_ID=
`
}

/** The function that is bundled, where there is no source yet. */
export function scoreSource(isTypeScript: boolean): string {
  const [text, number] = isTypeScript ? [': string', ': number'] : ['', '']
  return `/** From 0 to 1: how good a model's answer is. */
export function score(answer${text}, expected${text})${number} {
  return answer.trim() === expected.trim() ? 1 : 0
}
`
}

/** A config for a folder that has none. The plugin is added to it as to any other. */
export function newConfig(bundler: Bundler, { isTypeScript }: Project): { file: string; text: string } {
  const source = `src/score.${isTypeScript ? 'ts' : 'js'}`
  if (bundler === 'esbuild') {
    const text = `import { build } from 'esbuild'

await build({
  entryPoints: ['${source}'],
  outfile: 'dist/scorer.js',
  bundle: true,
  // One file that any JavaScript engine runs, with \`scorer.score\` in it.
  format: 'iife',
  globalName: 'scorer',
})
`
    return { file: 'build.mjs', text }
  }
  const text = `import { defineConfig } from 'vite'

export default defineConfig({
  build: {
    // One file that any JavaScript engine runs, with \`scorer.score\` in it.
    lib: { entry: '${source}', name: 'scorer', formats: ['iife'], fileName: () => 'scorer.js' },
  },
})
`
  return { file: isTypeScript ? 'vite.config.ts' : 'vite.config.mjs', text }
}

const INSTALL = {
  npm: 'npm ci',
  pnpm: 'pnpm install --frozen-lockfile',
  yarn: 'yarn install --frozen-lockfile',
  bun: 'bun install --frozen-lockfile',
} as const

/** What builds, and with it uploads. */
export function buildCommand(bundler: Bundler, file: string): string {
  return bundler === 'vite' ? 'npx vite build' : `node ${file}`
}

export function workflow(project: Project, build: string): string {
  const { packageManager } = project
  const enable =
    packageManager === 'pnpm' || packageManager === 'yarn' ? '      - run: corepack enable\n' : ''
  const bun = packageManager === 'bun' ? '      - uses: oven-sh/setup-bun@v2\n' : ''
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
${enable}${bun}      - run: ${INSTALL[packageManager]}
      - run: ${build}
        env:
          FIREWORKS_API_KEY: \${{ secrets.FIREWORKS_API_KEY }}
`
}
