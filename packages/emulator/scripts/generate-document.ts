import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'

const source = new URL('../../../openapi/evaluators.yaml', import.meta.url)

/** The data that belongs to `openapi/evaluators.yaml` as it is now. */
export async function generateDocument(): Promise<string> {
  const document: unknown = parse(await readFile(source, 'utf8'))
  return [
    '// Generated from openapi/evaluators.yaml by `pnpm --filter @fw/evaluator-emulator generate`. Do not edit.',
    "import type { OpenApiDocument } from '../openapi-document.ts'",
    '',
    `export const document: OpenApiDocument = ${JSON.stringify(document, null, 2)}`,
    '',
  ].join('\n')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await writeFile(new URL('../src/generated/document.ts', import.meta.url), await generateDocument())
}
