import { expect, test } from 'vitest'
import * as bun from './bun.ts'
import * as esbuild from './esbuild.ts'
import * as farm from './farm.ts'
import * as faces from './index.ts'
import * as rolldown from './rolldown.ts'
import * as rollup from './rollup.ts'
import * as rspack from './rspack.ts'
import * as vite from './vite.ts'
import * as webpack from './webpack.ts'

const all = Object.entries(faces)

test('there is one for every bundler', () => {
  expect(all.map(([name]) => name).sort()).toEqual([
    'bun',
    'esbuild',
    'farm',
    'rolldown',
    'rollup',
    'rspack',
    'vite',
    'webpack',
  ])
})

test.for(Object.entries({ bun, esbuild, farm, rolldown, rollup, rspack, vite, webpack }))(
  '%s: the named and the default export are one function',
  ([, face]) => {
    expect(face.fwEvaluator).toBeTypeOf('function')
    expect(face.default).toBe(face.fwEvaluator)
  },
)

test.for(all)('%s: switched off it is a plugin without hooks', ([, face]) => {
  const hooks = [face({ evaluatorId: 'a', enabled: false })].flat().map(({ name, ...rest }) => ({
    name,
    functions: Object.values<unknown>(rest).map((hook) => String(hook).replace(/\s/g, '')),
  }))
  // esbuild, bun and webpack require a function, which does nothing.
  for (const { name, functions } of hooks) {
    expect(name).toBe('fw-evaluator')
    expect(functions.filter((text) => !/^\w+\(\)\{\}$/.test(text))).toEqual([])
  }
})

test.for(all)('%s: options are refused when the plugin is made', ([, face]) => {
  expect(() => face({ evaluatorId: '' })).toThrow(/evaluatorId is missing/)
})
