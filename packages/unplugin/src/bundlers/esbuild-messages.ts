import { type Host, hasColours } from '../core/host.ts'
import type { EsbuildBuild, EsbuildMessage, EsbuildMessages } from './esbuild-types.ts'

/** Prints through esbuild. */
export interface Messages {
  readonly host: Host
  fail(text: string, hints: readonly string[]): Promise<EsbuildMessages>
  warnings(): Promise<EsbuildMessages>
}

/** Esbuild accepts errors and warnings from onEnd callbacks, but does not print them, nor their notes. */
export function createMessages(build: EsbuildBuild, pluginName: string): Messages {
  const { logLevel = 'info' } = build.initialOptions
  const levels = ['silent', 'error', 'warning', 'info', 'debug', 'verbose']
  const shows = (level: string) => levels.indexOf(logLevel) >= levels.indexOf(level)
  const isAngular = (build.initialOptions.plugins ?? []).some(({ name }) => name.startsWith('angular-'))
  let warnings: EsbuildMessage[] = []
  const print = async (kind: 'error' | 'warning', messages: EsbuildMessage[]) => {
    if (messages.length === 0 || !shows(kind)) return
    const color = hasColours(process.stderr, process.env)
    process.stderr.write((await build.esbuild.formatMessages(messages, { kind, color })).join(''))
  }
  return {
    host: {
      root: build.initialOptions.absWorkingDir ?? process.cwd(),
      // Where esbuild's own summary goes. Without a level it prints none from JavaScript; an upload is worth a block.
      stream: process.stderr,
      isSilent: logLevel === 'silent' && !isAngular,
      // tsup and Angular set another level, and print their own lines. There the first line is enough.
      info: (text) => {
        if (shows('info')) process.stderr.write(`\n${text.replace(/^/gm, '  ')}\n\n`)
        else if (logLevel !== 'silent' || isAngular) process.stderr.write(`${text.split('\n', 1).join()}\n`)
      },
      warn: (text) => warnings.push({ text, pluginName, notes: [] }),
    },
    async fail(text, hints) {
      const errors = [{ text, pluginName, notes: hints.map((hint) => ({ text: hint })) }]
      await print('error', errors)
      return { errors }
    },
    async warnings() {
      const said = warnings
      warnings = []
      await print('warning', said)
      return { warnings: said }
    },
  }
}
