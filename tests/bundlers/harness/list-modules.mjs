// Loaded with --import: writes the URL of every module that is loaded after it to the file in MODULES.
import { appendFileSync } from 'node:fs'
import { registerHooks } from 'node:module'

registerHooks({
  load(url, context, next) {
    appendFileSync(process.env.MODULES, `${url}\n`)
    return next(url, context)
  },
})
