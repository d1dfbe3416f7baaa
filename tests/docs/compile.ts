import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import type { Block } from './markdown.ts'
import { createSandbox } from './sandbox.ts'

const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ESNext,
  module: ts.ModuleKind.NodeNext,
  types: ['node'],
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  allowJs: true,
  checkJs: true,
  skipLibCheck: true,
  noEmit: true,
  allowImportingTsExtensions: true,
}

/** The file name of a block: the one in a comment on its first line, else `example`. */
export function fileNameOf({ code, lang }: Block): string {
  const named = /^(?:\/\/|#) (?:.*\/)?([\w.-]+\.[a-z]+)\b/.exec(code)?.[1]
  if (named) return named
  return /\bmodule\.exports\b|\brequire\(/.test(code) ? 'example.cjs' : `example.${lang}`
}

/**
 * The errors of a strict compiler for each block. Each is its own file. All are one program, because the declarations
 * of Vite and webpack take most of the time.
 */
export function diagnose(blocks: readonly Block[]): Map<Block, string[]> {
  const sandbox = createSandbox()
  try {
    const files = blocks.map((block, index) => {
      const path = join(sandbox.dir, `${index}-${fileNameOf(block)}`)
      writeFileSync(path, block.code)
      return { block, path }
    })
    const program = ts.createProgram(
      files.map(({ path }) => path),
      { ...OPTIONS, typeRoots: [join(sandbox.dir, 'node_modules/@types')] },
    )
    return new Map(files.map(({ block, path }) => [block, problemsOf(program, path)]))
  } finally {
    sandbox.remove()
  }
}

function problemsOf(program: ts.Program, path: string): string[] {
  const file = program.getSourceFile(path)
  const found = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]
  return found.map(({ messageText, start = 0 }) => {
    const line = file ? file.getLineAndCharacterOfPosition(start).line + 1 : 0
    return `line ${line} of the block: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`
  })
}
