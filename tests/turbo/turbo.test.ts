import { rmSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { copyWorkspace, plan, runs, type Task, tasksAfterChange } from './workspace.ts'

const folder = copyWorkspace()
let tasks: ReadonlyMap<string, Task>

beforeAll(() => {
  tasks = plan(folder)
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A task, and all that come after it. */
function withDependents(taskId: string): string[] {
  const reached = new Set([taskId])
  // The loop also visits items that are added while it runs.
  for (const id of reached)
    for (const task of tasks.values()) if (task.dependencies.includes(id)) reached.add(task.taskId)
  return [...tasks.values()]
    .filter((task) => reached.has(task.taskId) && runs(task))
    .map((task) => task.taskId)
}

const builds = (ids: readonly string[]) => ids.filter((id) => /^@fw\/.*#build$/.test(id)).sort()

test.each([
  ['@fw/evaluator-core', 'evaluator-core/src/index.ts'],
  ['@fw/evaluator-emulator', 'emulator/src/index.ts'],
  ['@fw/evaluator-scorer', 'scorer/src/index.ts'],
  ['@fw/evaluator-unplugin', 'unplugin/src/index.ts'],
  ['@fw/vite-plugin', 'vite-plugin/src/index.ts'],
  ['@fw/esbuild-plugin', 'esbuild-plugin/src/index.ts'],
  ['@fw/evaluator-cli', 'cli/src/cli.ts'],
])('a change in %s builds it and its dependents again, and nothing else', (name, file) => {
  const again = builds(tasksAfterChange(folder, tasks, `packages/${file}`))
  expect(again).toContain(`${name}#build`)
  expect(again).toEqual(builds(withDependents(`${name}#build`)))
})

test('tasks depend on each other as imports do: a change in core builds the plugins, never the other way round', () => {
  const core = builds(withDependents('@fw/evaluator-core#build'))
  expect(core).toEqual(
    expect.arrayContaining([
      '@fw/esbuild-plugin#build',
      '@fw/evaluator-unplugin#build',
      '@fw/vite-plugin#build',
    ]),
  )
  expect(core).not.toContain('@fw/evaluator-emulator#build')
  const vite = builds(withDependents('@fw/vite-plugin#build'))
  expect(vite).not.toContain('@fw/evaluator-unplugin#build')
  expect(vite).not.toContain('@fw/esbuild-plugin#build')
})

test('a change in a test builds nothing, and tests no other package', () => {
  const again = tasksAfterChange(folder, tasks, 'packages/evaluator-core/src/new.test.ts')
  // The tests of the documentation read every file of every package.
  expect(again.filter((id) => id !== '@fw-tests/docs#test')).toEqual([
    '//#knip',
    '//#lint',
    '@fw/evaluator-core#test',
    '@fw/evaluator-core#typecheck',
  ])
})

test('a change in a README packs the tarballs, and builds and tests no package', () => {
  const again = tasksAfterChange(folder, tasks, 'packages/evaluator-core/README.md')
  expect(again.filter((id) => id.endsWith('#build'))).toEqual(['@fw-tests/tarballs#build'])
  expect(again.filter((id) => /^@fw\/.*#test$/.test(id))).toEqual([])
})

test('all tasks are cached, and see only the named variables', () => {
  for (const task of tasks.values()) {
    expect(task.resolvedTaskDefinition.cache, task.taskId).toBe(true)
    expect(task.envMode, task.taskId).toBe('strict')
  }
})
