import { config, ESBUILD, MODULE, type Tool, VITE, WEBPACK } from './tool.ts'

const PLUGINS = 'plugins: [fwEvaluator(OURS)]'

const REACT_ROUTER: Tool['files'] = {
  'package.json': MODULE.replace('}', ', "dependencies": { "@react-router/node": "*", "isbot": "*" } }'),
  'vite.config.mjs': config(
    VITE,
    "import { reactRouter } from '@react-router/dev/vite'\nexport default { plugins: [reactRouter(), fwEvaluator(OURS)] }",
  ),
  'app/root.jsx': `import { Outlet, Scripts } from 'react-router'
export default function Root() { return <html lang="en"><body><Outlet /><Scripts /></body></html> }
`,
  'app/routes.js': "import { index } from '@react-router/dev/routes'\nexport default [index('home.jsx')]\n",
  'app/home.jsx': 'export default function Home() { return <h1>Hello</h1> }\n',
}

/** Frameworks: most work on after their bundler, and deliver another folder than it wrote. */
export const frameworks: readonly Tool[] = [
  {
    name: 'VitePress',
    files: {
      'package.json': MODULE,
      '.vitepress/config.mjs': config(VITE, `export default { title: 'Docs', vite: { ${PLUGINS} } }`),
      'index.md': '# Hello\n',
    },
    build: ['vitepress', 'build'],
    delivers: '.vitepress/dist',
    delivered: ['index.html'],
    // client and ssr are builds of their own, one after the other
    uploads: 2,
    entries: [/app\..*\.js$/],
  },
  {
    name: 'SvelteKit',
    files: {
      'package.json': MODULE,
      'vite.config.js': config(
        VITE,
        `import { sveltekit } from '@sveltejs/kit/vite'\nexport default { plugins: [sveltekit(), fwEvaluator(OURS)] }`,
      ),
      'svelte.config.js':
        "import adapter from '@sveltejs/adapter-static'\nexport default { kit: { adapter: adapter() } }\n",
      'src/app.html':
        '<!doctype html><html><head>%sveltekit.head%</head><body>%sveltekit.body%</body></html>\n',
      'src/routes/+layout.js': 'export const prerender = true\n',
      'src/routes/+page.svelte': '<h1>Hello</h1>\n',
    },
    build: ['vite', 'build'],
    delivers: 'build',
    delivered: ['index.html'],
    entries: [/^client\/_app\//, /^server\/index\.js$/],
  },
  {
    name: 'Astro',
    files: {
      'package.json': MODULE,
      'astro.config.mjs': config(VITE, `export default { vite: { ${PLUGINS} } }`),
      'src/pages/index.astro': '<h1>Hello</h1><script>console.log(1 + Math.random())</script>\n',
    },
    build: ['astro', 'build'],
    delivers: 'dist',
    delivered: ['index.html'],
    entries: [/chunks\/index_/],
  },
  {
    name: 'React Router',
    files: {
      ...REACT_ROUTER,
      'react-router.config.js': 'export default { future: { v8_viteEnvironmentApi: true } }\n',
    },
    build: ['react-router', 'build'],
    entries: [/^client\/assets\/manifest-/, 'server/index.js'],
  },
  {
    // Each side is a build of its own, one after the other.
    name: 'React Router, as in 7',
    files: REACT_ROUTER,
    build: ['react-router', 'build'],
    uploads: 2,
    entries: [/^client\/assets\/manifest-/, 'server/index.js'],
  },
  {
    name: 'Nuxt',
    files: {
      'package.json': MODULE,
      'nuxt.config.mjs': config(
        VITE,
        `export default { telemetry: false, nitro: { noExternals: true }, vite: { ${PLUGINS} } }`,
      ),
      'app.vue': '<template><h1>Hello</h1></template>\n',
    },
    build: ['nuxt', 'build'],
    delivers: '.output',
    // client and server are builds of their own, one after the other
    uploads: 2,
    delivered: ['server/index.mjs', /^public\/_nuxt\//],
    entries: [/^server\//, /^client\//],
  },
  {
    name: 'Next, webpack',
    files: {
      'package.json': MODULE,
      'next.config.mjs': config(
        WEBPACK,
        'export default { webpack(config) { config.plugins.push(fwEvaluator(OURS)); return config } }',
      ),
      'app/layout.js':
        'export default function Layout({ children }) { return <html lang="en"><body>{children}</body></html> }\n',
      'app/page.js': 'export default function Page() { return <h1>Hello</h1> }\n',
    },
    build: ['next', 'build', '--webpack'],
    delivers: '.next',
    delivered: ['BUILD_ID', /^server\//],
    excludes: 'cache',
    // the server's, the edge's and the client's compilers follow one another
    uploads: 3,
    entries: [/^server\//, /^static\//],
  },
  {
    // Its builder keeps esbuild's output in memory, and takes plugins only through this one of the community.
    name: 'Angular',
    files: {
      'package.json': MODULE,
      'angular.json': JSON.stringify({
        version: 1,
        cli: { analytics: false },
        projects: {
          app: {
            projectType: 'application',
            root: '',
            architect: {
              build: {
                builder: '@angular-builders/custom-esbuild:application',
                options: {
                  outputPath: 'dist',
                  index: 'src/index.html',
                  browser: 'src/main.ts',
                  tsConfig: 'tsconfig.json',
                  outputHashing: 'all',
                  plugins: ['./evaluator.mjs'],
                },
              },
            },
          },
        },
      }),
      'evaluator.mjs': config(ESBUILD, 'export default fwEvaluator(OURS)'),
      'tsconfig.json':
        '{ "compilerOptions": { "target": "es2022", "module": "preserve", "moduleResolution": "bundler", "strict": true, "skipLibCheck": true, "types": [], "lib": ["es2022", "dom"] }, "files": ["src/main.ts"] }\n',
      'src/index.html': '<!doctype html><html><head></head><body><app-root></app-root></body></html>\n',
      'src/main.ts': `import { Component } from '@angular/core'
import { bootstrapApplication } from '@angular/platform-browser'
@Component({ selector: 'app-root', template: '<h1>Hello</h1>' })
class App {}
bootstrapApplication(App)
`,
    },
    build: ['ng', 'build', '--progress=false'],
    entries: [/^main-.*\.js$/],
  },
  {
    name: 'Vike',
    files: {
      'package.json': MODULE,
      'vite.config.mjs': config(
        VITE,
        "import vike from 'vike/plugin'\nexport default { plugins: [vike(), fwEvaluator(OURS)] }",
      ),
      'pages/+onRenderHtml.js':
        "import { escapeInject } from 'vike/server'\nexport default () => escapeInject`<!DOCTYPE html><html><body>Hello</body></html>`\n",
      'pages/+config.js': 'export default { prerender: true }\n',
      'pages/index/+Page.js': 'export default () => null\n',
    },
    // `vite build` does not prerender.
    build: ['vike', 'build'],
    delivers: 'dist',
    delivered: ['client/index.html', /^client\/assets\//],
    // all is prerendered, so only the client's folder is left
    entries: [/^assets\//],
  },
  {
    name: 'WXT',
    files: {
      'package.json': MODULE,
      'wxt.config.mjs': config(VITE, `export default { vite: () => ({ ${PLUGINS} }) }`),
      'entrypoints/background.js': "export default { main() { console.log('background') } }\n",
      'entrypoints/popup/index.html':
        '<!doctype html><html><head><script type="module" src="./main.js"></script></head><body></body></html>\n',
      'entrypoints/popup/main.js': "console.log('popup')\n",
    },
    build: ['wxt', 'build'],
    delivers: '.output',
    delivered: ['chrome-mv3/manifest.json', 'chrome-mv3/background.js'],
    neverInsists: true,
  },
  {
    name: 'electron-vite',
    files: {
      'package.json': MODULE.replace('{ ', '{ "main": "./out/main/index.js", '),
      'electron.vite.config.mjs': config(
        VITE,
        "const part = (entry) => ({ plugins: [fwEvaluator(OURS)], build: { lib: { entry } } })\nexport default { main: part('src/main.js'), preload: part('src/preload.js') }",
      ),
      'src/main.js': "console.log('main')\n",
      'src/preload.js': "console.log('preload')\n",
    },
    build: ['electron-vite', 'build'],
    delivers: 'out',
    // main and preload are builds of their own, one after the other
    uploads: 2,
    delivered: ['main/main.js', /^preload\//],
    entries: [/^main\//, /^preload\//],
  },
]
