import { readdir } from 'node:fs/promises'
import { deflateRawSync, gzipSync } from 'node:zlib'
import { Header } from 'tar'
import { expect, test } from 'vitest'
import { bench, SOURCE } from '../../test/bench.ts'

/** The data in a page, as its script reads it. */
function dataIn(page: string): unknown {
  const [, json = ''] = /<script type="application\/json" id="data">(.*?)<\/script>/s.exec(page) ?? []
  return JSON.parse(json)
}

/** An archive of empty files, with names that core does not pack. */
function tarGz(names: readonly string[]): Uint8Array {
  const headers = names.map((name) => {
    const header = Buffer.alloc(512)
    new Header({ path: `my-evaluator/${name}`, type: 'File', mode: 0o644, size: 0 }).encode(header, 0)
    return header
  })
  return gzipSync(Buffer.concat([...headers, Buffer.alloc(1024)]))
}

test('--html writes one page about a folder: sizes, digests, what was left out', async () => {
  const { run, read, write } = await bench()
  const text = 'x'.repeat(5000)
  await write({ 'src/data/big.txt': text, 'src/.env': 'A=1' })
  const { code, stdout } = await run(['inspect', 'src', '--id', 'my-evaluator', '--html', 'report.html'])
  expect({ code, stdout }).toEqual({ code: 0, stdout: 'Wrote report.html: open it in a browser.\n' })
  const page = await read('report.html')
  expect(dataIn(page)).toMatchObject({
    archives: [
      {
        path: 'src',
        kind: 'folder',
        files: [
          ['data/big.txt', 5000, deflateRawSync(text, { level: 6 }).length, expect.any(String)],
          ['requirements.txt', 14, expect.any(Number), expect.any(String)],
          ['test_scorer.py', SOURCE['test_scorer.py'].length, expect.any(Number), expect.any(String)],
        ],
        leftOut: [{ rule: '.env files', paths: ['.env'], count: 1 }],
        entryPoint: 'test_scorer.py::test_scorer',
      },
    ],
  })
  // The page loads nothing: no address except in the data, and none in an element.
  expect(page).not.toMatch(/(src|href)="(?!data:)/)
  await run(['inspect', 'src', '--id', 'my-evaluator', '--html', 'again.html'])
  expect(await read('again.html')).toBe(page)
})

test('a second path is shown next to the first, and both are in the JSON document', async () => {
  const { run, json, read, write } = await bench()
  await run(['pack', 'src', '--id', 'my-evaluator', '-o', 'before.tar.gz'])
  await write({ 'src/new.txt': 'new' })
  const { result } = await json(['inspect', 'before.tar.gz', 'src', '--html', 'report.html'])
  expect(result).toMatchObject({
    html: 'report.html',
    inspections: [{ kind: 'archive' }, { kind: 'folder' }],
  })
  expect(dataIn(await read('report.html'))).toMatchObject({
    archives: [{ files: [{}, {}] }, { files: [['new.txt', 3, 5, expect.any(String)], {}, {}] }],
  })
})

test('names of files cannot end the data or the title', async () => {
  const { run, read, write } = await bench()
  const names = ['</script><img src=x onerror=alert(1)>', '<!--data-->', "$&$'"]
  await write({ '<b>&.tar.gz': tarGz(names) })
  await run(['inspect', '<b>&.tar.gz', '--html', 'report.html'])
  const page = await read('report.html')
  expect(JSON.stringify(dataIn(page))).toContain(names[0])
  expect(page).toContain('<title>&lt;b&gt;&amp;.tar.gz</title>')
  expect(page).not.toContain('<img')
  expect(page.match(/<\/script>/g)).toHaveLength(2)
})

test('two paths without --html are wrong usage', async () => {
  const { run } = await bench()
  const { code, stderr } = await run(['inspect', 'src', 'src'])
  expect(code).toBe(2)
  expect(stderr).toMatch(/Two paths can only be compared with --html/)
})

test('a page that cannot be written is an error, and leaves nothing behind', async () => {
  const { json, dir, temporaries } = await bench()
  const { code, error } = await json(['inspect', 'src', '--html', 'gone/report.html'])
  expect(code).toBe(1)
  expect(error).toMatchObject({
    message: 'gone/report.html cannot be written: its folder does not exist (ENOENT).',
  })
  expect([...(await readdir(dir)), ...(await temporaries())]).toEqual(['src'])
})
