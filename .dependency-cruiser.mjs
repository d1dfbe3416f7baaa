// Which way imports run. Circles and arrows back up are defects: what stands lower must not know what stands on it.

/** The packages, and which of ours each may import. The emulator imports none, so that it shares no mistake with core. */
const PACKAGES = {
  'evaluator-core': [],
  emulator: [],
  scorer: [],
  unplugin: ['evaluator-core', 'scorer'],
  'vite-plugin': ['unplugin'],
  'esbuild-plugin': ['unplugin'],
  cli: ['evaluator-core', 'emulator', 'scorer', 'unplugin'],
}

/** What stands in each package's src, in the order in which the data goes: each knows only what is above it here. */
const FLOORS = {
  'evaluator-core': [
    ...['printable.ts', 'json.ts', 'redact.ts', 'errors.ts', 'deadline.ts', 'pace.ts', 'home.ts'],
    ...[
      'defaults.ts',
      'option-table.ts',
      'progress.ts',
      'options.ts',
      'config',
      'source',
      'archive',
      'http',
      'gateway',
    ],
    ...['store', 'upload', 'api.ts', 'index.ts'],
  ],
  emulator: [
    ...[
      'faults',
      'options.ts',
      'server',
      'state',
      'builds',
      'store',
      'gateway',
      'page',
      'emulator.ts',
      'index.ts',
    ],
  ],
  scorer: [
    ...[
      'models.ts',
      'python.ts',
      'options.ts',
      'rows.ts',
      'requirements.ts',
      'host',
      'archive',
      'check-scorer.ts',
      'scorer-files.ts',
      'index.ts',
    ],
  ],
  unplugin: ['core', 'bundlers', 'index.ts'],
  'vite-plugin': ['index.ts'],
  'esbuild-plugin': ['index.ts'],
  cli: [
    ...['version.ts', 'terminal', 'context.ts', 'service.ts', 'options', 'archive', 'html', 'doctor', 'init'],
    ...['evaluation', 'commands', 'grammar.ts', 'main.ts', 'cli.ts'],
  ],
}

/** Tests, and what helps them, may import what they like. */
const TESTS = '[.]test[.]ts$|/src/testing/'

const srcOf = (name) => `^packages/${name}/src/`
const anyOf = (names) => `(?:${names.join('|').replaceAll('.', '[.]')})(?:/|$)`
const publishedAs = (name) => (name.includes('-') ? name : `evaluator-${name}`)

const packages = Object.entries(PACKAGES).map(([name, allowed]) => {
  const others = Object.keys(PACKAGES).filter((other) => other !== name && !allowed.includes(other))
  return {
    name: `packages/${name} imports of ours ${allowed.length > 0 ? `only ${allowed.join(', ')}` : 'nothing'}`,
    severity: 'error',
    from: { path: srcOf(name), pathNot: TESTS },
    // By its file where it has been built, else by its name.
    to: { path: `^packages/${anyOf(others)}|^@fw/${anyOf(others.map(publishedAs))}` },
  }
})

const floors = Object.entries(FLOORS).flatMap(([name, all]) =>
  all.slice(0, -1).map((floor, index) => ({
    name: `${floor} of ${name} does not know what stands on it`,
    severity: 'error',
    from: { path: srcOf(name) + anyOf([floor]), pathNot: TESTS },
    to: { path: srcOf(name) + anyOf(all.slice(index + 1)) },
  })),
)

/** What had no floor would be held to no order. */
const homeless = Object.entries(FLOORS).map(([name, all]) => ({
  name: `all in packages/${name}/src stands on a floor of .dependency-cruiser.mjs`,
  severity: 'error',
  from: { path: `${srcOf(name)}(?!${anyOf(all)})`, pathNot: TESTS },
  to: {},
}))

export default {
  forbidden: [
    { name: 'no circles', severity: 'error', from: {}, to: { circular: true } },
    ...packages,
    ...floors,
    ...homeless,
  ],
  options: {
    // An import of a type is an arrow too.
    tsPreCompilationDeps: true,
    doNotFollow: { path: ['node_modules', '/dist/'] },
  },
}
