import { hasColours } from '../core/host.ts'
import type { Host } from '../core/plugin.ts'
import { rootOf } from './esbuild-output.ts'
import type { EsbuildBuild, EsbuildMessage, EsbuildMessages } from './esbuild-types.ts'

/** How the plugin speaks through esbuild. */
export interface Voice {
  readonly host: Host
  fail(text: string, hints: readonly string[]): Promise<EsbuildMessages>
  warnings(): Promise<EsbuildMessages>
}

/** Esbuild takes errors and warnings from onEnd callbacks, but prints neither, nor notes in the error it throws. */
export function createVoice(build: EsbuildBuild, pluginName: string): Voice {
  const { logLevel = 'info' } = build.initialOptions
  const levels = ['silent', 'error', 'warning', 'info', 'debug', 'verbose']
  const shows = (level: string) => levels.indexOf(logLevel) >= levels.indexOf(level)
  let warnings: EsbuildMessage[] = []
  const print = async (kind: 'error' | 'warning', messages: EsbuildMessage[]) => {
    if (messages.length === 0 || !shows(kind)) return
    const color = hasColours(process.stderr, process.env)
    process.stderr.write((await build.esbuild.formatMessages(messages, { kind, color })).join(''))
  }
  return {
    host: {
      root: rootOf(build.initialOptions),
      // Where esbuild's own summary goes. Without a level it prints none from JavaScript; an upload is worth a block.
      stream: process.stderr,
      info: (text) => {
        if (shows('info')) process.stderr.write(`\n${text.replace(/^/gm, '  ')}\n\n`)
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
