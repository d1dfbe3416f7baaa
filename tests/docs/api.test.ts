import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Application, ReflectionKind, TSConfigReader, TypeDocReader } from 'typedoc'
import { expect, test } from 'vitest'

test('every exported name has a docstring, every function an @example, and TypeDoc finds no mistake in them', async () => {
  const out = mkdtempSync(join(tmpdir(), 'fw-api-'))
  try {
    const options = fileURLToPath(new URL('typedoc.json', import.meta.url))
    const app = await Application.bootstrap({ options, out, logLevel: 'Warn' }, [
      new TypeDocReader(),
      new TSConfigReader(),
    ])
    const warnings: string[] = []
    app.logger.warn = (message) => void warnings.push(message)
    app.logger.error = (message) => void warnings.push(message)
    const project = await app.convert()
    if (!project) throw new Error('TypeDoc could not read the sources')
    app.validate(project)
    const lacking = project
      .getReflectionsByKind(ReflectionKind.CallSignature)
      .filter(
        ({ parent, comment }) => parent?.kindOf(ReflectionKind.Function) && !comment?.getTag('@example'),
      )
      .map((signature) => signature.getFullName())
    expect(lacking).toEqual([])
    await app.generateOutputs(project)
    expect(warnings).toEqual([])
    expect(existsSync(join(out, 'functions/evaluator-core_src.uploadEvaluator.html'))).toBe(true)
  } finally {
    rmSync(out, { recursive: true, force: true })
  }
}, 60_000)
