import { expect, test } from 'vitest'
import * as bun from './bundlers/bun.ts'
import * as esbuild from './bundlers/esbuild.ts'
import * as farm from './bundlers/farm.ts'
import * as rolldown from './bundlers/rolldown.ts'
import * as rollup from './bundlers/rollup.ts'
import * as rsbuild from './bundlers/rsbuild.ts'
import * as rspack from './bundlers/rspack.ts'
import * as vite from './bundlers/vite.ts'
import * as webpack from './bundlers/webpack.ts'

import named, { fwEvaluator } from './index.ts'

const faces = { bun, esbuild, farm, rolldown, rollup, rsbuild, rspack, vite, webpack }
const all = Object.entries(faces)

test('the package is an unplugin instance, named and default', () => {
  expect(named).toBe(fwEvaluator)
  const { raw, unloader, ...made } = fwEvaluator
  expect(Object.keys(made).sort()).toEqual(Object.keys(faces).sort())
  expect(raw({ evaluatorId: 'a' }, { framework: 'rollup', versions: {} })).toMatchObject([
    { name: 'fw-evaluator:a', rollup: { name: 'fw-evaluator:a' } },
  ])
  expect(() => unloader({ evaluatorId: 'a' })).toThrow(/unloader writes no output/)
})

test('the instance makes the same plugin as the subpath of the bundler', () => {
  const options = { evaluatorId: 'a' }
  const keys = (made: unknown) =>
    [made]
      .flat()
      .map((plugin) =>
        Object.keys(Object(plugin)).filter((key) => !['vite', 'rollup', 'rolldown', 'farm'].includes(key)),
      )
  expect(keys(fwEvaluator.vite(options))).toEqual(keys(vite.fwEvaluator(options)))
  expect(keys(fwEvaluator.rollup(options))).toEqual(keys(rollup.fwEvaluator(options)))
  expect(keys(fwEvaluator.rolldown(options))).toEqual(keys(rolldown.fwEvaluator(options)))
  expect(keys(fwEvaluator.farm(options))).toEqual(keys(farm.fwEvaluator(options)))
  expect(keys(fwEvaluator.esbuild(options))).toEqual(keys(esbuild.fwEvaluator(options)))
})

test.for(all)('%s: the named and the default export are the same function', ([, face]) => {
  expect(face.fwEvaluator).toBeTypeOf('function')
  expect(face.default).toBe(face.fwEvaluator)
})

test.for(all)('%s: a plugin that is turned off has no hooks', ([, face]) => {
  const hooks = [face.fwEvaluator({ evaluatorId: 'a', enabled: false })].flat().map(({ name, ...rest }) => ({
    name,
    functions: Object.values<unknown>(rest).map((hook) => String(hook).replace(/\s/g, '')),
  }))
  expect(hooks).toHaveLength(1)
  // esbuild, bun, Rsbuild and webpack require a function, which does nothing.
  for (const { name, functions } of hooks) {
    expect(name).toBe('fw-evaluator')
    expect(functions.filter((text) => !/^\w+\(\)\{\}$/.test(text))).toEqual([])
  }
})

test.for(all)('%s: invalid options throw when the plugin is created', ([, face]) => {
  expect(() => face.fwEvaluator({ evaluatorId: '' })).toThrow(/evaluatorId is missing/)
})
