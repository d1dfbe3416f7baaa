import {
  PRIVATE_KEY_RULE,
  SERVICE_ACCOUNT_RULE,
  TOKEN_RULES,
} from '../../packages/evaluator-core/src/archive/secret-rules.ts'
import { NAME_RULES } from '../../packages/evaluator-core/src/source/name-rules.ts'

/** `text` with new tables between `<!-- secrets:… -->` and `<!-- /secrets -->`, made from the rules. */
export function withSecretTables(text: string): string {
  return text.replace(
    /(<!-- secrets:(\w+) -->\n)[\s\S]*?(<!-- \/secrets -->)/g,
    (_, begin: string, name: string, end: string) => `${begin}\n${TABLES[name]?.() ?? ''}\n\n${end}`,
  )
}

const TABLES: Readonly<Record<string, () => string>> = {
  names: () =>
    table(
      ['Kind', 'Files', 'Folders'],
      NAME_RULES.filter(({ kind }) => kind !== 'clutter').map(({ of, files, folders }) => [
        of,
        code(files),
        code(folders, '/'),
      ]),
    ),
  clutter: () =>
    table(
      ['Rule', 'Files', 'Folders'],
      NAME_RULES.filter(({ kind }) => kind === 'clutter').map(({ rule, files, folders }) => [
        rule,
        code(files),
        code(folders, '/'),
      ]),
    ),
  contents: () =>
    table(
      ['Rule', 'Content'],
      [PRIVATE_KEY_RULE, SERVICE_ACCOUNT_RULE, ...TOKEN_RULES].map(({ name, looks }) => [name, looks]),
    ),
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

function code(patterns = '', end = ''): string {
  return patterns
    .split(' ')
    .filter(Boolean)
    .map((pattern) => `\`${pattern}${end}\``)
    .join(' ')
}
