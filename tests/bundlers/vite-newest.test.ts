import { viteMatrix } from './vite-cells.ts'

viteMatrix('newest')
