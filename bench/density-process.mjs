// Child of density.mjs: one guest on node:wasi in a process of its own, blocked in a read of its input.
//
//   node density-process.mjs MODULE
import { readFileSync } from 'node:fs'
import { safeWasi } from './node-wasi.mjs'

const [path] = process.argv.slice(2)
const { wasi, imports } = safeWasi({ args: ['endless', 'reading'] })
const module = new WebAssembly.Module(readFileSync(path))
wasi.start(new WebAssembly.Instance(module, imports))
