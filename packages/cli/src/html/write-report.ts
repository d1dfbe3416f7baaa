import { type InspectFlags, type Inspection, inspectPath } from '../archive/inspection.ts'
import { outputFile, writeOutput } from '../archive/output-file.ts'
import type { Context } from '../context.ts'
import { measureArchive } from './measure-archive.ts'
import { renderReport } from './render-report.ts'
import type { ReportArchive, ReportFile } from './report-data.ts'

/** Inspects one or two paths, and writes their page completely or not at all. */
export async function writeReport(
  context: Context,
  paths: readonly string[],
  flags: InspectFlags & { html: string },
): Promise<Inspection[]> {
  // First, because packing takes time, and is useless if the report cannot be written.
  const target = await outputFile(flags.html, 'report.html')
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
  await writeOutput(target, await renderReport(archives), context.signal)
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
