// The compiler from npm (@yowasp/clang): clang as WebAssembly, slow, and there wherever this package is.
//
// A worker starts in 2 s and then takes 0.1 to 0.4 s a file, so workers stay until the build ends, and
// small files share a call.
import { once } from 'node:events'
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { basename } from 'node:path'
import { Worker } from 'node:worker_threads'
import { inLanes } from './in-lanes.mjs'
import { objectOf } from './objects.mjs'

/** Files to a call: one each took twice as long as 8, and 16 took as long. */
const BATCH = 8
/** A worker takes 450 MB. */
const MOST_WORKERS = 4

/** Workers that run clang, each started when first needed. */
function workers() {
  const all = []
  const idle = []
  const start = () => {
    // It prints how far it has read its own files.
    const worker = new Worker(new URL('./npm-clang-worker.mjs', import.meta.url), { stdout: true })
    all.push(worker)
    return worker
  }
  /** Fails with the worker's own error, if it throws. */
  const ask = async (worker, request) => {
    const answer = once(worker, 'message')
    worker.postMessage(request)
    return (await answer)[0]
  }
  return {
    /** The files named `outputs`. Throws an error whose `stderr` is clang's. */
    async run(args, files, outputs) {
      const worker = idle.pop() ?? start()
      const { built, failure } = await ask(worker, { args, files, outputs })
      idle.push(worker)
      if (failure !== undefined) throw Object.assign(new Error('clang failed'), { stderr: failure })
      return built
    },
    close: () => Promise.all(all.map((worker) => worker.terminate())),
  }
}

/** Puts a file where its path says in a tree as clang wants it. */
function plant(tree, path, content) {
  const parts = path.split('/')
  let folder = tree
  for (const part of parts.slice(0, -1)) {
    folder[part] ??= {}
    folder = folder[part]
  }
  folder[parts.at(-1)] = content
}

/** Runs of units with the same flags, at most `BATCH` long: what can share a call. */
function batchesOf(units) {
  const batches = []
  for (const unit of units) {
    const last = batches.at(-1)
    const fits = last && last.length < BATCH && last[0].flags.join() === unit.flags.join()
    if (fits) last.push(unit)
    else batches.push([unit])
  }
  return batches
}

/** One call's files. Of two sources of one name clang would make one object, so each has a name of its own. */
function callOf(batch) {
  const files = {}
  const names = batch.map((unit, at) => {
    for (const [path, text] of unit.files) plant(files, path, text)
    files[`unit-${at}.c`] = `#include "${unit.source}"\n`
    return `unit-${at}`
  })
  return { files, names }
}

/** Whole or not there: another build may look for it. */
function writeWhole(path, bytes) {
  const scratch = `${path}.${process.pid}`
  writeFileSync(scratch, bytes)
  renameSync(scratch, path)
}

/** @param version - of @yowasp/clang */
export function npmClang(version) {
  const { run, close } = workers()
  const lanes = Math.min(availableParallelism(), MOST_WORKERS)
  return {
    name: `@yowasp/clang ${version}`,
    lanes,
    close,
    compile: async (flags, files) =>
      (await run([...flags, 'main.c', '-o', 'main.wasm'], files, ['main.wasm']))[0],
    compileUnits: (flags, units, objects, onCompiled) =>
      inLanes(batchesOf(units), lanes, async (batch) => {
        const { files, names } = callOf(batch)
        const args = [...flags, ...batch[0].flags, '-c', ...names.map((name) => `${name}.c`)]
        const built = await run(
          args,
          files,
          names.map((name) => `${name}.o`),
        )
        batch.forEach((unit, at) => {
          writeWhole(objectOf(objects, unit), built[at])
          onCompiled()
        })
      }),
    link: async (flags, objects) => {
      const files = Object.fromEntries(objects.map((path) => [basename(path), readFileSync(path)]))
      const args = [...flags, ...Object.keys(files), '-o', 'main.wasm']
      return (await run(args, files, ['main.wasm']))[0]
    },
  }
}
