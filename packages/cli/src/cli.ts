#!/usr/bin/env node
import { parseArgs } from 'node:util'
import packageJson from '../package.json' with { type: 'json' }

const { values } = parseArgs({ options: { version: { type: 'boolean' }, help: { type: 'boolean' } } })
console.log(
  values.version ? packageJson.version : `${packageJson.description}\n\nUsage: fw-evaluator <command>`,
)
