import { startEmulator } from '@fw/evaluator-emulator'
import { describe, expect, test } from 'vitest'
import type { Lane, Measured } from './harness/matrix.ts'
import { createProject } from './harness/project.ts'
import { rolldownLane, rollupLane } from './harness/rollup.ts'
import { run, uploadsOf } from './harness/running.ts'
import { THROWING, throwingScript } from './harness/throwing.ts'
import { SOURCES, viteLane, viteVersions } from './harness/vite.ts'

const withVite = throwingScript(
  "import { fwEvaluator } from '@fw/vite-plugin'\nimport { build } from 'vite'",
  `await build({ configFile: false, logLevel: 'silent', plugins, build: { lib: { entry: 'src/index.js', formats: ['es', 'cjs'], fileName: 'index' }, minify: false } })`,
)
const withRollup = (name: string) =>
  throwingScript(
    `import { fwEvaluator } from '@fw/evaluator-unplugin/${name}'\nimport { ${name} as bundle } from '${name}'`,
    `const built = await bundle({ input: 'src/index.js', plugins, onLog() {} })
    try {
      await built.write({ dir: 'dist', format: 'es' })
      await built.write({ dir: 'dist/cjs', format: 'cjs' })
    } finally {
      await built.close()
    }`,
  )
const lanes: [Lane, string][] = [
  ...viteVersions.map((name): [Lane, string] => [viteLane(name), withVite]),
  [rollupLane, withRollup('rollup')],
  [rolldownLane, withRollup('rolldown')],
]

for (const [lane, script] of lanes) {
  describe(lane.label, () =>
    test('never: another plugin throws, in every hook, at its first and second call, before and after ours', async ({
      task,
    }) => {
      await using emulator = await startEmulator({ buildMs: 1 })
      await using project = await createProject(
        { ...SOURCES, 'probe.mjs': lane.probe, 'all.mjs': script },
        lane.packages,
      )
      const env = { PATH: process.env.PATH, HOME: project.dir, ...emulator.env }
      const command = [process.execPath, 'all.mjs']
      const { code, output } = await run({ dir: project.dir, command, env, evaluatorId: '', emulator })
      const version = /measured (\S+)/.exec(output)?.[1] ?? 'none'
      const outcomes = new Map(
        [...output.matchAll(/^(built|failed) (\S+)$/gm)].map((match) => [match[2], match[1]]),
      )
      const uploads = THROWING.reduce((sum, { id }) => sum + uploadsOf(emulator, id), 0)
      Object.assign(task.meta, { measured: { lane: lane.label, version, uploads } satisfies Measured })

      expect(code, output).toBe(0)
      expect([...outcomes.keys()]).toEqual(THROWING.map(({ id }) => id))
      const wrong = THROWING.filter(
        ({ id }) => uploadsOf(emulator, id) !== (outcomes.get(id) === 'built' ? 1 : 0),
      )
      expect(wrong.map(({ id }) => `${id}: ${outcomes.get(id)}, ${uploadsOf(emulator, id)} uploads`)).toEqual(
        [],
      )
      // The test would prove nothing if the hooks were not called: each throws at its first call at least.
      const failedFirst = new Set(
        THROWING.filter(({ id, call }) => call === 1 && outcomes.get(id) === 'failed').map(
          ({ hook }) => hook,
        ),
      )
      expect(failedFirst.size).toBeGreaterThanOrEqual(13)
    }),
  )
}
