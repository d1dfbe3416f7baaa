import type { UploadResult } from '@fw/evaluator-core'
import { expect, test } from 'vitest'
import { hasColours } from './host.ts'
import { partsLine, reportLines } from './report.ts'

const RESULT: UploadResult = {
  outcome: 'uploaded',
  name: 'accounts/a/evaluators/my-evaluator',
  evaluator: { state: 'BUILDING' },
  dashboardUrl: 'https://app.fireworks.ai/dashboard/evaluators/my-evaluator',
  archive: {
    fileName: 'my-evaluator.tar.gz',
    size: 12_345,
    sha256: '',
    md5: '',
    entries: [
      { path: 'index.js', size: 2_000_000 },
      { path: 'requirements.txt', size: 0 },
    ],
    leftOut: [],
  },
  timings: { pack: 12.4, prepare: 80, endpoint: 0.2, put: 1500, validate: 95, build: 0 },
}

test('an upload: id, files and size, steps with their times, link', () => {
  expect(reportLines(RESULT, false)).toEqual([
    '✓ my-evaluator uploaded, BUILDING  2 files, 12.35 kB',
    '  pack 12ms  prepare 80ms  endpoint 1ms  put 1.50s  validate 95ms',
    '  https://app.fireworks.ai/dashboard/evaluators/my-evaluator',
  ])
})

test('unchanged', () => {
  expect(reportLines({ ...RESULT, outcome: 'unchanged', evaluator: { state: 'ACTIVE' } }, false)[0]).toBe(
    '✓ my-evaluator unchanged, nothing was sent, ACTIVE  2 files, 12.35 kB',
  )
})

test('a dry run lists the files, and has no link', () => {
  const { evaluator: _, ...result } = RESULT
  const timings = { pack: 3, prepare: 0, endpoint: 0, put: 0, validate: 0, build: 0 }
  expect(reportLines({ ...result, outcome: 'dry-run', timings }, false)).toEqual([
    '✓ my-evaluator would be uploaded (dry run)  2 files, 12.35 kB',
    '  pack 3ms',
    '  index.js  2.00 MB',
    '  requirements.txt  0.00 kB',
  ])
})

test('control characters in names of files and texts of the service are not printed', () => {
  const entries = [{ path: 'a\u001b[2Jb\r.js', size: 1 }]
  const evil: UploadResult = {
    ...RESULT,
    outcome: 'dry-run',
    name: 'accounts/a/evaluators/x\u202ey',
    archive: { ...RESULT.archive, entries, leftOut: [{ rule: '\u009b1m', count: 1, paths: [] }] },
  }
  for (const colours of [false, true]) {
    const said = [...reportLines(evil, colours), partsLine(['out/\u0007'])].join('\n')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: our own colours go, theirs stay
    expect(said.replace(/\u001b\[\d+m/g, '')).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]/)
  }
})

test('files that were left out are counted by rule', () => {
  const leftOut = [{ rule: '.env files', paths: ['.env'], count: 1 }]
  expect(reportLines({ ...RESULT, archive: { ...RESULT.archive, leftOut } }, false)[1]).toBe(
    '  left out  1 by .env files',
  )
})

test('colours only if they are wanted', () => {
  const esc = String.fromCharCode(27)
  expect(reportLines(RESULT, false).join('')).not.toContain(esc)
  expect(reportLines(RESULT, true).join('')).toContain(esc)
})

test.for([
  [{ isTTY: true }, {}, true],
  [{}, {}, false],
  [{ isTTY: true }, { NO_COLOR: '1' }, false],
  [{ isTTY: true }, { NO_COLOR: '' }, true],
  [{ isTTY: true }, { CI: 'true' }, false],
  [{ isTTY: true }, { TERM: 'dumb' }, false],
] as const)('colours on %j with %j: %s', ([stream, env, expected]) => {
  expect(hasColours(stream, env)).toBe(expected)
})
