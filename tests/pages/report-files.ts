import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { Header } from 'tar'

const bin = join(createRequire(import.meta.url).resolve('@fw/evaluator-cli/package.json'), '../dist/cli.js')
const run = promisify(execFile)

/** A folder for archives and their reports. */
export interface ReportFiles {
  /** Writes an archive, also with names that core refuses to pack. */
  archive(name: string, files: Readonly<Record<string, string>>): Promise<string>
  /** Writes a folder. */
  folder(name: string, files: Readonly<Record<string, string>>): Promise<string>
  /** Runs `fw-evaluator inspect --html`. Resolves with the page's address. */
  report(...args: string[]): Promise<string>
  remove(): Promise<void>
}

export async function reportFiles(): Promise<ReportFiles> {
  const dir = await mkdtemp(join(tmpdir(), 'fw-pages-'))
  let pages = 0
  return {
    async archive(name, files) {
      await writeFile(join(dir, name), tarGz(files))
      return name
    },
    async folder(name, files) {
      for (const [path, text] of Object.entries(files)) {
        const file = join(dir, name, path)
        await mkdir(dirname(file), { recursive: true })
        await writeFile(file, text)
      }
      return name
    },
    async report(...args) {
      pages += 1
      const page = `report-${pages}.html`
      await run(process.execPath, [bin, 'inspect', ...args, '--html', page], { cwd: dir })
      return pathToFileURL(join(dir, page)).href
    },
    remove: () => rm(dir, { recursive: true }),
  }
}

function tarGz(files: Readonly<Record<string, string>>): Uint8Array {
  const blocks = Object.entries(files).flatMap(([path, text]) => {
    const bytes = Buffer.from(text)
    const header = Buffer.alloc(512)
    new Header({ path: `my-evaluator/${path}`, type: 'File', mode: 0o644, size: bytes.length }).encode(
      header,
      0,
    )
    return [header, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)]
  })
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]))
}
