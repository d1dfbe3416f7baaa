import type { Change } from '../rows.ts'

/** The kind of a file, by the end of its name, for the colours of the map. */
export const kinds = {
  script: 'JavaScript, TypeScript',
  python: 'Python',
  data: 'Data and settings',
  text: 'Text and markup',
  other: 'Other',
} as const

export type Kind = keyof typeof kinds

const byExtension: readonly (readonly [Kind, RegExp])[] = [
  ['script', /\.[cm]?[jt]sx?$/i],
  ['python', /\.pyi?$/i],
  ['data', /\.(json[l5c]?|ndjson|ya?ml|toml|csv|tsv|ini|cfg|xml|parquet|lock)$/i],
  ['text', /(\.(md|txt|rst|html?|css|svg)|^license)$/i],
]

export function kindOf(name: string): Kind {
  return byExtension.find(([, pattern]) => pattern.test(name))?.[0] ?? 'other'
}

/** With two archives, the colours show what changed. */
export const changes: Readonly<Record<Change, string>> = {
  same: 'Same',
  changed: 'Changed',
  removed: 'Only in A',
  added: 'Only in B',
}
