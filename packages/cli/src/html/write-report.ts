import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { EvaluatorUploadError } from '@fw/evaluator-core'
import { type InspectFlags, type Inspection, inspectPath } from '../archive/inspection.ts'
import { withScratch } from '../archive/scratch.ts'
import type { Context } from '../context.ts'
import { measureArchive } from './measure-archive.ts'
import { renderReport } from './render-report.ts'
import type { ReportArchive, ReportFile } from './report-data.ts'

/** Inspects one or two paths, and writes the page about them as a whole or not at all. */
export async function writeReport(
  context: Context,
  paths: readonly string[],
  flags: InspectFlags & { html: string },
): Promise<Inspection[]> {
  const inspections: Inspection[] = []
  const archives: ReportArchive[] = []
  for (const path of paths) {
    let files: readonly ReportFile[] = []
    const inspection = await inspectPath(context.gateway, path, flags, async (body, top) => {
      files = await measureArchive(body, { top, signal: context.signal })
    })
    inspections.push(inspection)
    archives.push({ ...pick(inspection), files })
  }
  const html = await renderReport(archives)
  try {
    await withScratch(`${flags.html}.`, async (folder) => {
      const whole = join(folder, 'report.html')
      await writeFile(whole, html)
      await rename(whole, flags.html)
    })
  } catch (cause) {
    const why = cause instanceof Error && 'code' in cause ? ` (${cause.code})` : ''
    throw new EvaluatorUploadError('FW_SOURCE', `The report ${flags.html} could not be written${why}.`, {
      hint: '--html names a file in a folder that exists.',
      cause,
    })
  }
  return inspections
}

function pick({
  path,
  kind,
  packedSize,
  sha256,
  md5,
  entryPoint,
  leftOut,
  problems,
}: Inspection): Omit<ReportArchive, 'files'> {
  return {
    path,
    kind,
    packedSize,
    sha256,
    md5,
    ...(entryPoint !== undefined && { entryPoint }),
    leftOut,
    problems,
  }
}
