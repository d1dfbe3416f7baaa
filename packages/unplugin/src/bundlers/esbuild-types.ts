/** The part of esbuild's PluginBuild that we use. Our own types, which fit every version from 0.17 on. */
export interface EsbuildBuild {
  initialOptions: EsbuildOptions
  onStart(callback: () => void): void
  onEnd(callback: (result: EsbuildResult) => Promise<EsbuildMessages | undefined>): void
  esbuild: {
    build(options: object): Promise<Pick<EsbuildResult, 'outputFiles'>>
    formatMessages(
      messages: EsbuildMessage[],
      options: { kind: 'error' | 'warning'; color: boolean },
    ): Promise<string[]>
  }
}

/** The part of esbuild's BuildOptions that we read and set: metafile, and all for a build without an entry. */
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

/** The part of esbuild's BuildResult that we read. */
export interface EsbuildResult {
  errors: readonly unknown[]
  outputFiles?: readonly { path: string; contents: Uint8Array }[] | undefined
  metafile?:
    | { inputs?: Record<string, unknown>; outputs: Record<string, { entryPoint?: string; bytes?: number }> }
    | undefined
}

/** A message that esbuild prints, and returns to its caller. */
export interface EsbuildMessage {
  text: string
  pluginName: string
  notes: { text: string }[]
}

/** The result of an onEnd callback. */
export interface EsbuildMessages {
  errors?: EsbuildMessage[]
  warnings?: EsbuildMessage[]
}
