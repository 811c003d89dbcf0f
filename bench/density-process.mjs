// Child of density.mjs: one guest on node:wasi in a process of its own, blocked in a read of its input.
//
//   node density-process.mjs MODULE
import { readFileSync } from 'node:fs'
import { WASI } from 'node:wasi'

const [path] = process.argv.slice(2)
const wasi = new WASI({ version: 'preview1', args: ['endless', 'reading'], returnOnExit: true })
const module = new WebAssembly.Module(readFileSync(path))
wasi.start(new WebAssembly.Instance(module, wasi.getImportObject()))
