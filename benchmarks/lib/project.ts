import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

const MODULES = 40

/** A small evaluator: a few modules, a scorer in Python beside them. Its good and its broken entry are returned. */
export async function makeProject(dir: string): Promise<{ root: string; entry: string; broken: string }> {
  const root = join(dir, 'project')
  const names = Array.from({ length: MODULES }, (_, index) => `rule${index}`)
  const files: Record<string, string> = {
    'package.json': '{ "type": "module" }\n',
    'requirements.txt': 'eval-protocol\n',
    'test_scorer.py': '@evaluation_test()\ndef test_scorer(row):\n    return row\n',
    'src/main.js': [
      ...names.map((name) => `import { ${name} } from './${name}.js'`),
      `export const score = (row) => [${names}].reduce((sum, rule) => sum + rule(row), 0)\n`,
    ].join('\n'),
    'src/broken.js': `export * from './main.js'\nexport * from './not-there.js'\n`,
  }
  names.forEach((name, index) => {
    files[`src/${name}.js`] =
      `export function ${name}(row) {\n  return row.text.includes('${name}') ? ${index} : 0\n}\n`
  })
  await mkdir(join(root, 'src'), { recursive: true })
  for (const [path, text] of Object.entries(files)) await writeFile(join(root, path), text)
  return { root, entry: 'src/main.js', broken: 'src/broken.js' }
}
