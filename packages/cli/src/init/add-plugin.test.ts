import { expect, test } from 'vitest'
import { addPlugin } from './add-plugin.ts'

const vite = (code: string, file = 'vite.config.ts') =>
  addPlugin(code, { bundler: 'vite', file, evaluatorId: 'a', include: ['*.py'] })
const esbuild = (code: string) =>
  addPlugin(code, { bundler: 'esbuild', file: 'build.js', evaluatorId: 'a', include: ['*.py'] })

const CALL = "fwEvaluator({ evaluatorId: 'a', include: ['*.py'] })"
const IMPORT = "import { fwEvaluator } from '@fw/vite-plugin'"

test('behind the last plugin, on a line of its own where the others have one', () => {
  const code = `import { defineConfig } from 'vite'

// stays
export default defineConfig({
  build: { outDir: 'out' }, // stays too
  plugins: [
    react(),
  ],
})
`
  expect(vite(code)).toBe(
    code.replace("'vite'\n", `'vite'\n${IMPORT}\n`).replace('react(),', `react(),\n    ${CALL},`),
  )
  expect(vite('export default { plugins: [react()] }\n')).toBe(
    `${IMPORT}\nexport default { plugins: [react(), ${CALL}] }\n`,
  )
  expect(vite('export default { plugins: [] }')).toBe(`${IMPORT}\nexport default { plugins: [${CALL}] }`)
})

test('where there are no plugins yet, they are the last option', () => {
  expect(vite("export default {\n\tbase: '/',\n}\n")).toBe(
    `${IMPORT}\nexport default {\n\tbase: '/',\n\tplugins: [${CALL}],\n}\n`,
  )
  expect(vite('export default { }')).toBe(`${IMPORT}\nexport default {\n  plugins: [${CALL}],\n}`)
})

test.each([
  ['a constant', 'const config = { plugins: [a()] }\nexport default config\n'],
  ['a typed constant', 'const config: UserConfig = { plugins: [a()] }\nexport default config\n'],
  ['satisfies', 'export default { plugins: [a()] } satisfies UserConfig\n'],
  ['an arrow function', 'export default defineConfig(({ mode }) => ({ plugins: [a()] }))\n'],
  [
    'a function with a body',
    'export default defineConfig(async () => {\n  const x = 1\n  return { plugins: [a()] }\n})\n',
  ],
  ['a function declaration', 'export default function () {\n  return { plugins: [a()] }\n}\n'],
])('the options are found behind %s', (_, code) => {
  expect(vite(code)).toBe(`${IMPORT}\n${code.replace('a()', `a(), ${CALL}`)}`)
})

test.each([
  ['a list that a function makes', 'export default { plugins: plugins() }'],
  ['options that depend', 'export default () => {\n  if (x) return {}\n  return { plugins: [] }\n}'],
  ['CommonJS', 'module.exports = { plugins: [] }'],
  ['another file', "export { default } from './other.ts'"],
  ['what is no JavaScript', 'export default {{'],
])('%s is left alone', (_, code) => {
  expect(vite(code)).toBeUndefined()
})

test('quotes, semicolons and line ends are those of the file', () => {
  const code =
    'import { defineConfig } from "vite";\r\nexport default defineConfig({\r\n\tplugins: [\r\n\t\ta(),\r\n\t],\r\n});\r\n'
  expect(vite(code)).toBe(
    'import { defineConfig } from "vite";\r\nimport { fwEvaluator } from "@fw/vite-plugin";\r\nexport default defineConfig({\r\n\tplugins: [\r\n\t\ta(),\r\n\t\tfwEvaluator({ evaluatorId: "a", include: ["*.py"] }),\r\n\t],\r\n});\r\n',
  )
})

test('the options of esbuild are those of its only call', () => {
  const line = "import { fwEvaluator } from '@fw/esbuild-plugin'"
  expect(esbuild("import { build } from 'esbuild'\nawait build({ outdir: 'dist' })\n")).toBe(
    `import { build } from 'esbuild'\n${line}\nawait build({ outdir: 'dist', plugins: [${CALL}] })\n`,
  )
  const namespaced =
    "import * as esbuild from 'esbuild'\nconst c = await esbuild.context({\n  plugins: [a],\n})\n"
  expect(esbuild(namespaced)).toBe(
    namespaced.replace("'esbuild'", `'esbuild'\n${line}`).replace('[a]', `[a, ${CALL}]`),
  )
  expect(esbuild("import { build } from 'esbuild'\nbuild({})\nbuild({})")).toBeUndefined()
  expect(esbuild("import { build } from 'elsewhere'\nbuild({})")).toBeUndefined()
})
