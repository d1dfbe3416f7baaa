import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { startEmulator } from '@fw/evaluator-emulator'
import { describe, expect, test } from 'vitest'
import { esbuildScript, latestEsbuild } from './harness/esbuild.ts'
import { createProject } from './harness/project.ts'
import { run } from './harness/running.ts'
import { SOURCES, viteConfig, viteLane } from './harness/vite.ts'

const HOOK = join(import.meta.dirname, 'harness/list-modules.mjs')
const FACES = {
  vite: {
    lane: viteLane(8),
    files: (options: string) => ({
      'vite.config.mjs': viteConfig({ options, build: "lib: { entry: 'src/index.js', formats: ['es'] }" }),
      'build.mjs': "import { build } from 'vite'\nawait build().catch(() => console.log('failed'))\n",
    }),
    face: ['unplugin/dist/vite.js', 'vite-plugin/dist/index.js'],
  },
  esbuild: {
    lane: latestEsbuild,
    files: (options: string) => ({
      'build.mjs': esbuildScript({ options, run: "await build(options).catch(() => console.log('failed'))" }),
    }),
    face: ['esbuild-plugin/dist/index.js', 'unplugin/dist/esbuild.js'],
  },
}

describe.for(Object.entries(FACES))('what %s loads of ours', ([, { lane, files, face }]) => {
  /** Modules of this workspace that a build loaded, without the hashes of their chunks, and the packages behind core. */
  async function modulesOf({
    options = '',
    source = '',
    env = {},
  }): Promise<{ ours: string[]; theirs: string[] }> {
    await using emulator = await startEmulator()
    await using project = await createProject(
      { ...SOURCES, ...(source && { 'src/index.js': source }), 'probe.mjs': lane.probe, ...files(options) },
      lane.packages,
    )
    const list = join(project.dir, 'modules.txt')
    const ended = await run({
      dir: project.dir,
      command: [process.execPath, '--import', HOOK, 'build.mjs'],
      env: {
        PATH: process.env.PATH,
        HOME: project.dir,
        ...emulator.env,
        MODULES: list,
        EVALUATOR_ID: 'modules',
        ...env,
      },
      evaluatorId: 'modules',
      emulator,
    })
    expect(ended.code, ended.output).toBe(0)
    expect(ended.output.includes('failed')).toBe(source !== '')
    const urls = [...new Set((await readFile(list, 'utf8')).trim().split('\n'))]
    const ours = urls
      .flatMap((url) => /\/packages\/([^/]+\/dist\/.*)$/.exec(url)?.[1] ?? [])
      .map((path) => path.replace(/-[\w-]{8}\.js$/, '-*.js'))
    const theirs = urls.flatMap(
      (url) => /\/node_modules\/(undici|tar|ignore|ini|@rgrove)\//.exec(url)?.[1] ?? [],
    )
    return { ours: [...new Set(ours)].sort(), theirs: [...new Set(theirs)].sort() }
  }

  test('a build that fails: the face and nothing else', async () => {
    expect(await modulesOf({ source: 'syntax (' })).toEqual({ ours: [...face].sort(), theirs: [] })
  })

  test('enabled: false: the face and nothing else', async () => {
    expect(await modulesOf({ options: 'enabled: false' })).toEqual({ ours: [...face].sort(), theirs: [] })
  })

  test('FW_EVALUATOR_UPLOAD=0: the face and nothing else', async () => {
    expect(await modulesOf({ env: { FW_EVALUATOR_UPLOAD: '0' } })).toEqual({
      ours: [...face].sort(),
      theirs: [],
    })
  })

  test('a dry run: core, and no network code', async () => {
    const { ours, theirs } = await modulesOf({ options: 'dryRun: true' })
    expect(ours).toContain('evaluator-core/dist/index.js')
    expect(theirs).not.toContain('undici')
  })

  test('an upload: core and undici, so that this list would show them', async () => {
    const { ours, theirs } = await modulesOf({})
    expect(ours).toContain('unplugin/dist/upload.js')
    expect(theirs).toContain('undici')
  })
})
