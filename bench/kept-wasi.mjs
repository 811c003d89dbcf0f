// node:wasi for the benches. A process that collects its WASI objects as garbage ends by SIGSEGV sooner
// or later (Node 20.20.2, CPython some 20 times, plain): so none is ever given up.
import { WASI } from 'node:wasi'

const kept = []

export function keptWasi(options) {
  const wasi = new WASI({ version: 'preview1', returnOnExit: true, ...options })
  kept.push(wasi)
  return wasi
}
