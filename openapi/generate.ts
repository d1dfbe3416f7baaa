import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import openapiTypescript, { astToString } from 'openapi-typescript'
import { parse } from 'yaml'

const source = new URL('./evaluators.yaml', import.meta.url)

/** What is made from `evaluators.yaml`, by the name of the file in `generated/`. */
export const targets: Readonly<Record<string, () => Promise<string>>> = {
  // The types of the protocol, for core and the emulator.
  'types.ts': async () =>
    `// Generated from openapi/evaluators.yaml by \`pnpm --filter @fw/openapi generate\`. Do not edit.\n${astToString(await openapiTypescript(source))}`,
  // The document itself, which the emulator holds requests against.
  'document.json': async () => `${JSON.stringify(parse(await readFile(source, 'utf8')), null, 2)}\n`,
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [name, generate] of Object.entries(targets))
    await writeFile(new URL(`./generated/${name}`, import.meta.url), await generate())
}
