// Guests run on this very thread, as a worker runs them: the container's kernel, the metered module,
// the product's own system calls; without the rings and the hop between threads. So that CPU time can
// be compared with peers that live on one thread.
import { readFileSync } from 'node:fs'
import { guestSpecOf } from '../dist/engine/container/guest-spec-of.js'
import { BASE_FILES } from '../dist/engine/image/base-files.js'
import { buildLayerView } from '../dist/kernel/mount/layer-index.js'
import { KeptForNext } from '../dist/thread/kept-for-next.js'
import { runGuest } from '../dist/thread/run-guest.js'
import { wallClock } from '../dist/thread/thread-cpu.js'
import { meter } from '../dist/wasm/meter.js'

const never = {
  raised: () => false,
  condemned: () => undefined,
  pausing: () => false,
  changedLimits: () => undefined,
  publish: () => {},
}

/** A stream that collects what it is given. */
function collector() {
  const pieces = []
  return {
    write: (from) => {
      pieces.push(from.slice())
      return from.length
    },
    room: () => Number.MAX_SAFE_INTEGER,
    text: () => Buffer.concat(pieces).toString(),
  }
}

/** Ports to nowhere: no input, output taken up, nobody who kills. */
export function ports() {
  const [stdout, stderr] = [collector(), collector()]
  const stdin = { read: () => 0, available: () => -1 }
  const waiter = { park: (changed) => changed() }
  return { stdin, stdout, stderr, waiter, control: never, cpuClock: wallClock }
}

const entry = (path, type, data) => ({
  path,
  type,
  mode: type === 'directory' ? 0o755 : 0o644,
  uid: 0,
  gid: 0,
  modified: 0n,
  size: data?.length ?? 0,
  data,
})
export const fileEntry = (path, data) => entry(path, 'regular', data)

/** A root: the base files every container has, and these. */
export function rootOf(files) {
  const base = BASE_FILES.map((file) => ({ ...file, data: file.source?.bytes }))
  return buildLayerView([base, files]).parts
}

export const specOf = (args, spec = {}) =>
  guestSpecOf(spec, {
    argv: args,
    environment: [],
    workingDirectory: '/',
    user: '',
    hostname: 'bench',
  })

/** A module, metered and compiled once, to be run in a new container each time. */
export function inlineGuest(path, files) {
  const { bytes, manifest } = meter(readFileSync(path))
  const module = new WebAssembly.Module(bytes)
  const root = rootOf(files)
  const kept = new KeptForNext()
  return (args, spec) => {
    const outside = ports()
    const run = { module, manifest, root, guest: specOf(args, spec) }
    const { exitCode, message } = runGuest(run, outside, kept).report
    if (exitCode !== 0) throw new Error(`${args[0]} exited ${exitCode}: ${message}`)
    return outside.stdout.text()
  }
}
