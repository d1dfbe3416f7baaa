import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { bench, SOURCE } from '../../test/bench.ts'
import { openTerminal, pty } from '../../test/terminal.ts'
import { uploaded } from '../../test/upload-first.ts'

if (!pty) console.warn('Skipped: @lydell/node-pty has no prebuilt binary for this platform.')

/** The width of a text on a terminal: CJK and kana are two cells wide. Independent of the library under test. */
function cells(line: string): number {
  return [...line].reduce((sum, char) => sum + (/[\u3000-\u9fff\uff00-\uff60]/.test(char) ? 2 : 1), 0)
}

describe.skipIf(!pty)('on a terminal', () => {
  test.each([40, 80, 200])(
    'an upload at %i columns: permanent steps, and a line that is redrawn',
    async (columns) => {
      const made = await bench({
        buildMs: 300,
        faults: [{ step: 'put', do: { kind: 'slow', bytesPerSecond: 4_000_000 } }],
      })
      // Random bytes do not compress, so that sending takes a while.
      const noise = Array.from({ length: 150_000 }, (_, i) => Math.sin(i).toString(36).slice(2, 12)).join('')
      await made.write({ 'src/noise.txt': noise })
      const terminal = await openTerminal(made, ['upload', 'src', '--id', 'my-evaluator', '--wait'], {
        columns,
      })
      await terminal.shows(/sending [\d.]+ [kM]?B of [\d.]+ [kM]B/)
      await terminal.shows(/building/)
      expect(await terminal.ended).toBe(0)
      const lines = await terminal.lines()
      const kept = lines.filter((line) => line.startsWith('✔')).map((line) => line.split(' ')[1])
      expect(kept).toEqual(['packed', 'prepared', 'got', 'sent', 'validated', 'built'])
      // Nothing of the redrawn line is left.
      expect(lines.filter((line) => /sending|building|preparing|packing/.test(line))).toEqual([])
      expect(lines.join('')).toContain('Uploaded accounts/emulator/evaluators/my-evaluator ACTIVE')
    },
  )

  test('bytes, rate and time left are shown while it sends', async () => {
    const made = await bench({ faults: [{ step: 'put', do: { kind: 'slow', bytesPerSecond: 8_000_000 } }] })
    // More than the buffers of two sockets.
    await made.write({ 'src/noise.bin': randomBytes(16_000_000) })
    const terminal = await openTerminal(made, ['upload', 'src', '--id', 'my-evaluator'])
    await terminal.shows(/sending [\d.]+ MB of 16\.\d MB · [\d.]+ [kM]B\/s · [\d.]+ m?s left/)
    expect(await terminal.ended).toBe(0)
  })

  test.each([40, 80, 200])('a table at %i columns aligns wide characters', async (columns) => {
    const made = await bench()
    const name = `データ/${'長い名前'.repeat(6)}.txt`
    await made.write({ [`src/${name}`]: 'x', 'src/short.txt': 'y' })
    const terminal = await openTerminal(made, ['inspect', 'src'], { columns })
    expect(await terminal.ended).toBe(0)
    const lines = await terminal.lines()
    const row = lines.find((line) => line.includes('データ')) ?? ''
    expect(cells(row)).toBeLessThanOrEqual(columns)
    expect(row.endsWith(columns === 40 ? '…' : '.txt')).toBe(true)
  })

  test('a list aligns its columns, with any width of their texts', async () => {
    const made = await uploaded()
    await made.run(['upload', 'src', '--id', 'b', '--wait', '--display-name', 'plain'])
    const terminal = await openTerminal(made, ['list'])
    expect(await terminal.ended).toBe(0)
    const starts = (await terminal.lines()).map((line) =>
      cells(line.slice(0, line.search(/updated|just now|\d+ s ago/))),
    )
    expect(starts).toHaveLength(3)
    expect(new Set(starts).size).toBe(1)
  })

  test('an error wraps at the width of the terminal, next to its label', async () => {
    const made = await bench()
    const terminal = await openTerminal(made, ['upload', 'src', '--id', 'Not An Id'], { columns: 40 })
    expect(await terminal.ended).toBe(2)
    const lines = await terminal.lines()
    expect(lines.every((line) => cells(line) <= 40)).toBe(true)
    expect(lines[0]).toMatch(/^✖ /)
    expect(lines[1]).toMatch(/^ {2}\S/)
  })

  test('many evaluators: a row for each, and how many are done', async () => {
    const made = await bench({ faults: [{ step: 'put', times: 3, do: { kind: 'slow', delayMs: 400 } }] })
    for (const id of ['first', 'second', 'third']) {
      await made.write({ [`e/${id}/test_scorer.py`]: SOURCE['test_scorer.py'] })
    }
    const terminal = await openTerminal(made, ['upload', '--config', 'e/*'])
    await terminal.shows(/first {3}\S+[\s\S]*second {2}\S+[\s\S]*0 of 3 done/)
    expect(await terminal.ended).toBe(0)
    const lines = await terminal.lines()
    expect(lines.filter((line) => /^✔ (first {3}|second {2}|third {3})uploaded {2}/.test(line))).toHaveLength(
      3,
    )
    expect(lines.at(-1)).toBe('3 evaluators: 3 uploaded')
  })

  test('colours on a terminal; none with NO_COLOR', async () => {
    const made = await uploaded()
    const colour = '\u001b[32m'
    const plain = await openTerminal(made, ['status', 'my-evaluator'], { env: { NO_COLOR: '1' } })
    await plain.ended
    expect(plain.raw()).toContain('ACTIVE')
    expect(plain.raw()).not.toContain(colour)
    const coloured = await openTerminal(made, ['status', 'my-evaluator'])
    await coloured.ended
    expect(coloured.raw()).toContain(colour)
  })

  test('CI on a terminal: plain lines, nothing is redrawn', async () => {
    const made = await bench()
    const terminal = await openTerminal(made, ['upload', 'src', '--id', 'x'], { env: { CI: 'true' } })
    expect(await terminal.ended).toBe(0)
    expect(terminal.raw()).not.toContain('\u001b[J')
    expect((await terminal.lines())[0]).toMatch(/packed/)
  })

  test('delete asks: no keeps the evaluator, yes deletes it, Ctrl-C is 130', async () => {
    const made = await uploaded()
    const answer = async (text: string, said: RegExp): Promise<number> => {
      const terminal = await openTerminal(made, ['delete', 'my-evaluator'])
      await terminal.shows(
        /Delete accounts\/emulator\/evaluators\/my-evaluator with all its versions\? \[y\/N\]/,
      )
      terminal.type(text)
      const code = await terminal.ended
      expect((await terminal.lines()).at(-1)).toMatch(said)
      return code
    }
    expect(await answer('\r', /^Not deleted: /)).toBe(1)
    expect(await answer('\u0003', /FW_ABORTED$/)).toBe(130)
    expect(made.emulator.evaluators.list()).toHaveLength(1)
    expect(await answer('y\r', /^Deleted accounts/)).toBe(0)
    expect(made.emulator.evaluators.list()).toHaveLength(0)
  })

  test('Ctrl-C while it sends: 130, the state, and no more drawing', async () => {
    const made = await bench({ faults: [{ step: 'put', do: { kind: 'hang' } }] })
    const terminal = await openTerminal(made, ['upload', 'src', '--id', 'my-evaluator'])
    await made.emulator.waitFor('request', ({ step }) => step === 'put')
    terminal.type('\u0003')
    expect(await terminal.ended).toBe(130)
    const text = (await terminal.lines()).join('\n')
    expect(text).toMatch(
      /✖ Interrupted\.\n {2}hint Evaluator my-evaluator is BUILDING and waits for its archive/,
    )
    expect(text).not.toMatch(/sending/)
    expect(await made.temporaries()).toEqual([])
  })

  test.each([40, 80, 200])('the help wraps at %i columns', async (columns) => {
    const terminal = await openTerminal(await bench(), ['upload', '--help'], { columns, rows: 200 })
    expect(await terminal.ended).toBe(0)
    const [help = ''] = (await terminal.lines()).join('\n').split('\nExamples:')
    // Lines that the terminal wraps itself would begin at the left.
    const [, options = ''] = help.split('\nOptions:\n')
    expect(options.split('\n').filter((line) => line && !line.startsWith('  '))).toEqual([])
  })
})
