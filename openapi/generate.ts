import { mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import openapiTypescript, { astToString } from 'openapi-typescript'

/** The packages that speak the protocol; each gets a file of its own, so that neither imports the other. */
export const targets: readonly string[] = ['evaluator-core', 'emulator'].map((name) =>
  fileURLToPath(new URL(`../packages/${name}/src/generated/openapi.ts`, import.meta.url)),
)

/** The TypeScript that belongs to `evaluators.yaml` as it is now. */
export async function generate(): Promise<string> {
  const ast = await openapiTypescript(new URL('./evaluators.yaml', import.meta.url))
  return `// Generated from openapi/evaluators.yaml by \`pnpm --filter @fw/openapi generate\`. Do not edit.\n${astToString(ast)}`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const text = await generate()
  for (const target of targets) {
    await mkdir(dirname(target), { recursive: true })
    await writeFile(target, text)
  }
}
