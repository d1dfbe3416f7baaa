import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach } from 'vitest'
import { newFolder, removeFolder } from './folder.ts'
import { type Registry, startRegistry } from './registry.ts'

/**
 * A registry and a folder for all tests of a file. If the registry behind it does not answer, all tests are skipped,
 * with that reason, and `prepare` is not called.
 */
export function useRegistry(
  name: string,
  prepare: (registry: Registry, folder: string) => Promise<void> = async () => {},
): { registry: Registry; folder: string } {
  const folder = newFolder(name)
  const started: { registry?: Registry } = {}

  beforeAll(async () => {
    started.registry = await startRegistry(join(folder, 'registry'))
    const { silence } = started.registry
    if (silence) console.log(`  ${name}: not tested, ${silence}`)
    else await prepare(started.registry, folder)
  })

  beforeEach(({ skip }) => {
    const silence = started.registry?.silence
    skip(silence !== undefined, silence)
  })

  afterAll(async () => {
    await started.registry?.close()
    await removeFolder(folder)
  })

  return {
    folder,
    get registry() {
      if (!started.registry) throw new Error('the registry starts in beforeAll')
      return started.registry
    },
  }
}
