import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { tarballs } from '@fw-tests/tarballs'
import { describe, expect, test } from 'vitest'
import { testFolder } from './harness/folder.ts'
import { unpack } from './harness/unpack.ts'

const packages = join(import.meta.dirname, '../../packages')
/** The path of a JSON schema is public, like that of a README. */
const allowed = /^(dist\/.+|package\.json|README\.md|LICENSE|CHANGELOG\.md|[\w.]+\.schema\.json)$/
const GIT = 'git+https://github.com/fw-evaluator/fw-evaluator.git'

/** An entry of `exports`: a file, or one for each condition. */
type Target = string | { [condition: string]: Target }

interface Manifest {
  [field: string]: unknown
  version: string
  exports: Record<string, Target>
  dependencies?: Record<string, string>
  peerDependencies?: Record<string, string>
  optionalDependencies?: Record<string, string>
  keywords: string[]
  scripts?: Record<string, string>
  repository: { directory: string }
}

test('exactly the packages that are not private are packed', () => {
  expect(tarballs.map(({ name }) => name).sort()).toEqual([
    '@fw/esbuild-plugin',
    '@fw/evaluator-cli',
    '@fw/evaluator-core',
    '@fw/evaluator-emulator',
    '@fw/evaluator-scorer',
    '@fw/evaluator-unplugin',
    '@fw/vite-plugin',
  ])
})

describe.each(tarballs)('$name', ({ name, path, files }) => {
  async function contents(): Promise<{ folder: string; manifest: Manifest }> {
    const folder = await unpack(path, testFolder('tarball'))
    return { folder, manifest: JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) }
  }

  test('has only dist, README, LICENSE, CHANGELOG', () => {
    expect(files.filter((file) => !allowed.test(file))).toEqual([])
    expect(files).toEqual(expect.arrayContaining(['LICENSE', 'package.json']))
    expect(files.filter((file) => /\.test\.|\.tsbuildinfo$|\.env/.test(file))).toEqual([])
  })

  test('has its README', () => {
    expect(files).toContain('README.md')
  })

  test('has the fields that a registry shows and a package manager needs', async () => {
    const { manifest } = await contents()
    const directory = manifest.repository.directory
    expect(existsSync(join(packages, '..', directory, 'package.json'))).toBe(true)
    expect(manifest).toMatchObject({
      name,
      license: 'MIT',
      type: 'module',
      description: expect.stringMatching(/^[A-Z].{20,160}\.$/),
      engines: { node: '^20.19.0 || >=22.12.0' },
      sideEffects: false,
      repository: { type: 'git', url: GIT, directory },
      bugs: 'https://github.com/fw-evaluator/fw-evaluator/issues',
      homepage: `https://github.com/fw-evaluator/fw-evaluator/tree/main/${directory}#readme`,
      publishConfig: { access: 'public', provenance: true },
    })
    expect(manifest.keywords).toEqual(expect.arrayContaining(['fireworks', 'fireworks-ai', 'evaluator']))
  })

  test('exports packed code with its types, and its package.json', async () => {
    const { manifest } = await contents()
    expect(manifest.exports['./package.json']).toBe('./package.json')
    for (const target of Object.values(manifest.exports)) checkTarget(target)

    function checkTarget(target: Target): void {
      if (typeof target === 'object') {
        // `require` is for code that cannot import. Both load the same plugin.
        expect(Object.keys(target)).toEqual(['import', 'require'])
        for (const inner of Object.values(target)) checkTarget(inner)
        return
      }
      expect(files).toContain(target.slice(2))
      // `.js` has its declarations in `.d.ts`, `.cjs` in `.d.cts`.
      if (/js$/.test(target)) expect(files).toContain(target.slice(2).replace(/\.(c?)js$/, '.d.$1ts'))
    }
  })

  test('runs nothing when it is installed', async () => {
    const { manifest } = await contents()
    const names = Object.keys(manifest.scripts ?? {})
    expect(names.filter((script) => /^(pre|post)?install$|^(post)?prepare$/.test(script))).toEqual([])
  })

  test('has ranges that a registry understands; ours are exact, so that a release is installed as a whole', async () => {
    const { manifest } = await contents()
    const { dependencies, peerDependencies, optionalDependencies } = manifest
    const ranges = Object.entries({ ...dependencies, ...peerDependencies, ...optionalDependencies })
    for (const [dependency, range] of ranges) {
      expect(range, dependency).not.toMatch(/^(workspace|catalog|file|link|npm|git)/)
      if (dependency.startsWith('@fw/')) expect(range).toBe(manifest.version)
    }
  })

  test('has no trace of the machine that packed it', async () => {
    const { folder } = await contents()
    for (const file of files.filter((one) => /\.(js|ts|json|md)$/.test(one))) {
      const text = await readFile(join(folder, file), 'utf8')
      expect(text.includes(join(packages, '..')), file).toBe(false)
    }
  })
})

test('peers are the versions that the plugins are tested with', async () => {
  const peers = await Promise.all(
    ['vite-plugin', 'esbuild-plugin'].map(async (name) => {
      const manifest: Manifest = JSON.parse(await readFile(join(packages, name, 'package.json'), 'utf8'))
      return manifest.peerDependencies
    }),
  )
  expect(peers).toEqual([{ vite: '^5.4.0 || ^6.0.0 || ^7.0.0 || ^8.0.0' }, { esbuild: '>=0.17.0' }])
})
