import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { x } from 'tar'

/** Unpacks a tarball of a package. Returns the folder with its package.json. */
export async function unpack(tarball: string, folder: string): Promise<string> {
  await mkdir(folder, { recursive: true })
  await x({ file: tarball, cwd: folder })
  return join(folder, 'package')
}
