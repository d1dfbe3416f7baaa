import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import chromium from '@sparticuz/chromium'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** Path of a Chromium, or why there is none. */
    chromium: { path: string } | { missing: string }
  }
}

/**
 * Unpacks Chromium once for all test files, into a new folder. The package would use a fixed place, where another run
 * may be unpacking at this moment, or may have failed half way.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const before = process.env.TMPDIR
  const folder = await mkdtemp(join(tmpdir(), 'fw-chromium-'))
  process.env.TMPDIR = folder
  try {
    project.provide('chromium', { path: await chromium.executablePath() })
  } catch (error) {
    project.provide('chromium', { missing: error instanceof Error ? error.message : String(error) })
  } finally {
    if (before === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = before
  }
  return () => rm(folder, { recursive: true, force: true })
}
