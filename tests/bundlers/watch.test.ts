import { startEmulator } from '@fw/evaluator-emulator'
import { describe, expect, test } from 'vitest'
import { archiveOf } from './harness/archive.ts'
import { esbuildScript, latestEsbuild } from './harness/esbuild.ts'
import { binOf, createProject } from './harness/project.ts'
import { run } from './harness/running.ts'
import { SOURCES, type ViteVersion, viteConfig, viteLane } from './harness/vite.ts'

const OPTIONS = 'watch: true, skipUnchanged: false'
const vite = (version: ViteVersion) => ({
  lane: viteLane(version),
  files: {
    'vite.config.mjs': viteConfig({
      options: OPTIONS,
      build: "lib: { entry: 'src/index.js', formats: ['es'] }",
    }),
  },
  command: (dir: string) => [binOf(dir, 'vite'), 'build', '--watch'],
})
const watchers = [
  vite(5),
  vite(7),
  vite('newest'),
  {
    lane: latestEsbuild,
    files: {
      'build.mjs': esbuildScript({
        options: OPTIONS,
        run: 'await (await context(options)).watch()\nprocess.stdin.resume()\nsetInterval(() => {}, 1000)',
      }),
    },
    command: () => ['build.mjs'],
  },
]

describe.for(watchers)('$lane.label', ({ lane, files, command }) => {
  test('changes during an upload: it finishes, then the newest state goes; never two at once, the last one wins', async () => {
    await using emulator = await startEmulator({
      buildMs: 1,
      faults: [{ step: 'put', do: { kind: 'slow', delayMs: 1500 } }],
    })
    await using project = await createProject(
      { ...SOURCES, 'probe.mjs': lane.probe, ...files },
      lane.packages,
    )
    const evaluatorId = 'watched'
    const env = { PATH: process.env.PATH, HOME: project.dir, ...emulator.env, EVALUATOR_ID: evaluatorId }
    let under = 0
    let most = 0
    // An upload begins with the look at the evaluator and ends with the answer to validateUpload.
    emulator.on('request', ({ step }) => {
      if (step === 'get') most = Math.max(most, ++under)
    })
    emulator.on('response', ({ step, status }) => {
      if (step === 'validate' && status === 200) under--
    })
    const holds = async (text: string) => {
      for (;;) {
        await emulator.waitFor('response', ({ step }) => step === 'validate')
        const archive = await archiveOf(emulator, evaluatorId)
        if ([...archive.values()].some((content) => content.includes(text))) return
      }
    }
    const put = emulator.waitFor('request', ({ step }) => step === 'put')
    const [node] = [process.execPath]
    await run(
      { dir: project.dir, command: [node, ...command(project.dir)], env, evaluatorId, emulator },
      async ({ edit }) => {
        await put
        const last = holds('state-3')
        for (const state of [1, 2]) {
          await edit(
            'src/index.js',
            `export const score = 'state-${state}'`,
            new Promise((resolve) => setTimeout(resolve, 200)),
          )
        }
        await edit('src/index.js', "export const score = 'state-3'", last)
      },
    )
    expect(most).toBe(1)
    const uploads = emulator.requests.filter(({ step }) => step === 'validate').length
    expect(uploads).toBeLessThanOrEqual(4)
  })
})
