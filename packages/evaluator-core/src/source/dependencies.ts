import { EvaluatorUploadError } from '../errors.ts'
import { readBytes, type SourceEntry } from './read-entry.ts'

/** Expected at the root by the service; may be empty. */
export const REQUIREMENTS = 'requirements.txt'

/** Files at the root that say what a project needs, and the command that makes a requirements.txt of each. */
const DECLARATIONS: readonly (readonly [file: string, command: string])[] = [
  ['uv.lock', 'uv export --no-dev --no-hashes --no-emit-project -o requirements.txt'],
  ['poetry.lock', 'poetry export --without-hashes -o requirements.txt'],
  ['pdm.lock', 'pdm export --prod --without-hashes -o requirements.txt'],
  ['Pipfile', 'pipenv requirements > requirements.txt'],
  ['Pipfile.lock', 'pipenv requirements > requirements.txt'],
  ['pyproject.toml', 'uv pip compile pyproject.toml -o requirements.txt'],
  ['requirements.in', 'uv pip compile requirements.in -o requirements.txt'],
  ['setup.py', 'uv pip compile setup.py -o requirements.txt'],
  ['setup.cfg', 'uv pip compile setup.cfg -o requirements.txt'],
]
/** A pyproject.toml without any of these only sets up tools. */
const DECLARES: Readonly<Record<string, RegExp>> = {
  'pyproject.toml': /^\s*\[\s*(project|tool\.poetry|tool\.pdm|dependency-groups)\b/m,
  'setup.cfg': /^\s*install_requires\b/m,
  'setup.py': /\binstall_requires\b/,
}

/**
 * Refuses a source whose dependencies stand where the service does not look: it installs the requirements.txt at the
 * root, and that of a source without one would be empty.
 * @throws FW_SOURCE with the command that makes one
 */
export function checkDependencies(entries: readonly SourceEntry[]): void {
  if (entries.some(({ path, isAdded }) => path === REQUIREMENTS && !isAdded)) return
  const declared = DECLARATIONS.filter(([file]) => {
    const entry = entries.find(({ path }) => path === file)
    const pattern = DECLARES[file]
    return entry !== undefined && (pattern === undefined || pattern.test(readBytes(entry).toString()))
  })
  const deeper = entries.map(({ path }) => path).filter((path) => path.endsWith(`/${REQUIREMENTS}`))
  const files = [...declared.map(([file]) => file), ...deeper]
  if (files.length === 0) return
  const command = declared[0]?.[1] ?? `cat ${deeper.map(quoted).join(' ')} > ${REQUIREMENTS}`
  throw new EvaluatorUploadError(
    'FW_SOURCE',
    `${REQUIREMENTS} is missing at the root of the source, and ${files.join(', ')} ${files.length > 1 ? 'name' : 'names'} dependencies that the service would not install`,
    {
      hint: `Run \`${command}\` in the folder of the source, or add an empty ${REQUIREMENTS} if nothing is needed.`,
    },
  )
}

function quoted(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`
}
