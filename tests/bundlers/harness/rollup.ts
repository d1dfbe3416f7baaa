import type { Lane } from './matrix.ts'
import { versionOf } from './project.ts'

export const rollupLane: Lane = {
  label: 'rollup 4',
  version: versionOf('rollup'),
  packages: { rollup: 'rollup' },
  probe: "import { VERSION } from 'rollup'\nconsole.log('measured ' + VERSION)\n",
}

export const rolldownLane: Lane = {
  label: 'rolldown 1',
  version: versionOf('rolldown'),
  packages: { rolldown: 'rolldown' },
  probe: "import { VERSION } from 'rolldown'\nconsole.log('measured ' + VERSION)\n",
}
