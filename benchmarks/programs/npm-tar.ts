/** Packs a folder with npm's tar: `npm-tar <dir> <file>`. */
import { basename, dirname } from 'node:path'
import { create } from 'tar'

const [dir = '', file = ''] = process.argv.slice(2)
await create({ gzip: { level: 6 }, file, cwd: dirname(dir), portable: true }, [basename(dir)])
