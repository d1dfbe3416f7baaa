import { defineConfig, type UserConfig } from 'tsdown'
import { shared } from '../../tsdown.shared.ts'

const config: UserConfig = defineConfig({ ...shared, entry: ['src/index.ts'] })
export default config
