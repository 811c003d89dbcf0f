// A worker of the pool that job.mjs compares with: each task is a new node:wasi instance of the one
// compiled module, its output caught in a file in memory.
import { closeSync, fstatSync, ftruncateSync, openSync, unlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { WASI } from 'node:wasi'
import { threadId } from 'node:worker_threads'
import { workerData } from 'piscina'
import { inMemory } from './with-directory.mjs'

const path = join(inMemory ? '/dev/shm' : tmpdir(), `bench-pool-${process.pid}-${threadId}`)
const stdout = openSync(path, 'w')
unlinkSync(path)

export default function hello() {
  const wasi = new WASI({ version: 'preview1', args: ['hello'], stdout, returnOnExit: true })
  const code = wasi.start(new WebAssembly.Instance(workerData, wasi.getImportObject()))
  const written = fstatSync(stdout).size
  ftruncateSync(stdout)
  return { code, written }
}
process.on('exit', () => closeSync(stdout))
