import type { Lane } from './matrix.ts'

export const rollupLane: Lane = {
  label: 'rollup 4',
  version: '4.',
  packages: { rollup: 'rollup' },
  probe: "import { VERSION } from 'rollup'\nconsole.log('measured ' + VERSION)\n",
}

export const rolldownLane: Lane = {
  label: 'rolldown 1',
  version: '1.3.',
  packages: { rolldown: 'rolldown' },
  probe: "import { VERSION } from 'rolldown'\nconsole.log('measured ' + VERSION)\n",
}
