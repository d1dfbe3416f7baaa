import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { ROOT } from './markdown.ts'
import { drawTerminal } from './svg.ts'
import { recordBuild } from './terminal.ts'

/** The words, without times, sizes and versions, which differ between runs. */
const masked = (svg: string) =>
  svg
    .replace(/<[^>]*>/g, ' ')
    .replace(/\b[\d.]+m?s\b/g, '<time>')
    .replace(/\bv\d+\.\d+\.\d+\b/g, '<version>')
    .replace(/\b[\d.]+\skB/g, '<size>')
    .replace(/\s+/g, ' ')

test.skipIf(process.platform === 'win32')(
  'docs/terminal.svg shows what a build prints; `pnpm --filter @fw-tests/docs generate --picture` draws it again',
  async () => {
    const held = readFileSync(`${ROOT}docs/terminal.svg`, 'utf8')
    const drawn = drawTerminal(await recordBuild(), 'vite build')
    expect(masked(held)).toBe(masked(drawn))
  },
)
