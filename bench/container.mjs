// What it costs to make a container over an image of 3,000 files and 50 MB: kernel, mounts, overlay
// and descriptors, on this thread, and to take it down again. Beside what others do for each sandbox:
// copy the tree into a file system of objects in memory (browser_wasi_shim), or on disk with node:fs.
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Directory, File, PreopenDirectory } from '@bjorn3/browser_wasi_shim'
import { bootContainer } from '../dist/thread/boot-container.js'
import { KeptRoots } from '../dist/thread/kept-roots.js'
import { collector } from './collector.mjs'
import { fileEntry, ports, rootOf, specOf } from './inline-guest.mjs'
import { interleaved, median, quantile } from './statistics.mjs'
import { withDirectory } from './with-directory.mjs'

const FILES = 3_000
const FILE_BYTES = 50_000_000 / FILES
const FULL = { rounds: 7, batch: 300, held: 200 }
const QUICK = { rounds: 1, batch: 3, held: 3 }
const GOAL = { atMost: 100 }

/** Paths of an image as a language's library has them: 30 directories of 100 files. */
const tree = Array.from({ length: FILES }, (_, index) => ({
  path: `/usr/lib/part${index % 30}/module${index}.txt`,
  data: new Uint8Array(FILE_BYTES).fill(index),
}))

/** The whole tree as browser_wasi_shim wants it, each file a copy of its own. */
function copyToObjects() {
  const root = new Map()
  for (const { path, data } of tree) {
    const names = path.slice(1).split('/')
    let at = root
    for (const name of names.slice(0, -1)) {
      if (!at.has(name)) at.set(name, new Directory(new Map()))
      at = at.get(name).contents
    }
    at.set(names.at(-1), new File(data.slice()))
  }
  return new PreopenDirectory('/', root)
}

function writeTree(directory) {
  for (const { path, data } of tree) {
    const file = join(directory, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, data)
  }
}

/** Bytes of heap and buffers for each of `count` containers that are there at once. */
function bytesEach(make, count) {
  const collect = collector()
  const used = () => {
    // Buffers are given back by a thread of their own: the second collection finds them gone.
    collect()
    collect()
    const { heapUsed, arrayBuffers } = process.memoryUsage()
    return heapUsed + arrayBuffers
  }
  const before = used()
  const held = Array.from({ length: count }, make)
  const each = (used() - before) / count
  for (const container of held) container.shutDown()
  return each
}

export async function run({ quick }) {
  const { rounds, batch, held } = quick ? QUICK : FULL
  const root = rootOf(tree.map(({ path, data }) => fileEntry(path, data)))
  const guest = specOf(['program'])
  // As a worker has it, whose containers have one image.
  const roots = new KeptRoots()
  const make = () => bootContainer({ guest, root }, ports(), roots)
  const [created, ended] = [[], []]
  const idleBytes = bytesEach(make, held)
  return await withDirectory(async (directory) => {
    const source = join(directory, 'image')
    writeTree(source)
    const us = (work) => {
      const from = performance.now()
      work()
      return (performance.now() - from) * 1000
    }
    const samples = await interleaved(
      {
        bulkhead: () => {
          for (let turn = 0; turn < batch; turn += 1) {
            let container
            created.push(us(() => (container = make())))
            ended.push(us(() => container.shutDown()))
          }
          return median(created.slice(-batch))
        },
        objects: () => us(copyToObjects),
        'node:fs': () => {
          const copy = join(directory, 'copy')
          const took = us(() => cpSync(source, copy, { recursive: true }))
          rmSync(copy, { recursive: true })
          return took
        },
      },
      rounds,
    )
    const create = median(created)
    const peers = { objects: median(samples.objects), 'node:fs': median(samples['node:fs']) }
    return {
      figures: [
        { name: 'create: median', value: create, unit: 'µs' },
        { name: 'create: p99', value: quantile(created, 0.99), unit: 'µs' },
        { name: 'take down: median', value: median(ended), unit: 'µs' },
        { name: 'memory of one that is idle', value: idleBytes, unit: 'bytes' },
      ],
      baselines: [
        { name: 'copy into objects in memory: median', value: peers.objects, unit: 'µs' },
        { name: 'copy with node:fs: median', value: peers['node:fs'], unit: 'µs' },
      ],
      ratios: [
        { name: 'create: median', value: create, unit: ' µs', goal: GOAL },
        { name: 'create over copying into objects', value: create / peers.objects },
        { name: 'create over copying with node:fs', value: create / peers['node:fs'] },
      ],
      samples: { created, ended, ...samples },
    }
  })
}
