/** The part of a resolved config that we read. Our own types, because each Vite version has different ones. */
export interface ViteConfig {
  root: string
  plugins: readonly unknown[]
  isProduction?: boolean
  /** The config of a worker's bundle. */
  isWorker?: boolean
  logLevel?: string
  customLogger?: unknown
  build: {
    outDir: string
    watch?: unknown
    ssr?: unknown
    lib?: unknown
    write?: boolean
    rollupOptions?: { input?: unknown }
  }
  builder?: { buildApp(builder: Builder): Promise<void> }
  logger: { info(message: string): void; warn(message: string): void }
}

export interface BuildEnvironment {
  name: string
  /** Vite 7 and later. */
  isBuilt?: boolean
  config: ViteConfig
}

export interface Builder {
  environments: Record<string, BuildEnvironment>
  build(environment: BuildEnvironment): Promise<unknown>
}

/** Vite 6 and later say which environment a hook runs for, Vite 7 and later which version of Vite it is. */
export interface ViteContext {
  environment?: BuildEnvironment
  meta?: { viteVersion?: string; rolldownVersion?: string }
}
