import { viteMatrix } from './vite-cells.ts'

viteMatrix(8)
