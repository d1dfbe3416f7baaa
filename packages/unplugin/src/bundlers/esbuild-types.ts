/** What we use of esbuild's PluginBuild: our own types, which those of every version from 0.17 on go into. */
export interface EsbuildBuild {
  initialOptions: EsbuildOptions
  onStart(callback: () => void): void
  onEnd(callback: (result: EsbuildResult) => Promise<EsbuildMessages | undefined>): void
  esbuild: {
    formatMessages(
      messages: EsbuildMessage[],
      options: { kind: 'error' | 'warning'; color: boolean },
    ): Promise<string[]>
  }
}

/** What we read of esbuild's BuildOptions, and set: metafile, and all of a build that names no entry. */
export interface EsbuildOptions {
  entryPoints?: object
  stdin?: object
  banner?: { [type: string]: string }
  plugins?: readonly { name: string }[]
  metafile?: boolean
  absWorkingDir?: string
  format?: string | undefined
  platform?: string
  write?: boolean
  outdir?: string
  outfile?: string
  logLevel?: string
}

/** What we read of esbuild's BuildResult. */
export interface EsbuildResult {
  errors: readonly unknown[]
  outputFiles?: readonly { path: string; contents: Uint8Array }[] | undefined
  metafile?:
    | { inputs?: Record<string, unknown>; outputs: Record<string, { entryPoint?: string; bytes?: number }> }
    | undefined
}

/** What esbuild prints, and hands to whoever called it. */
export interface EsbuildMessage {
  text: string
  pluginName: string
  notes: { text: string }[]
}

/** What an onEnd callback may return. */
export interface EsbuildMessages {
  errors?: EsbuildMessage[]
  warnings?: EsbuildMessage[]
}
