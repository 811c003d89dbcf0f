import type { ExitReport } from '../contract/exit.ts'
import type { GuestSpec } from '../contract/guest-spec.ts'
import type { LayerParts } from '../kernel/mount/layer-view.ts'
import { meter } from '../wasm/meter.ts'
import type { GuestPorts } from './guest-ports.ts'
import { type GuestEnd, runGuest } from './run-guest.ts'
import { wallClock } from './thread-cpu.ts'
import { withTrapMap } from './trap-map.ts'

/** What a guest that ran on this very thread left behind. */
export interface InlineEnd extends ExitReport {
  readonly files: GuestEnd['files']
  readonly stdout: Uint8Array
  readonly stderr: Uint8Array
}

/** Takes everything and keeps it. */
function kept() {
  const pieces: number[] = []
  return {
    write: (from: Uint8Array) => {
      for (const byte of from) pieces.push(byte)
      return from.length
    },
    room: () => Number.MAX_SAFE_INTEGER,
    bytes: () => Uint8Array.from(pieces),
  }
}

/** Gives all of `bytes`, then the end. */
function given(bytes: Uint8Array) {
  let at = 0
  return {
    read: (into: Uint8Array) => {
      const part = bytes.subarray(at, at + into.length)
      into.set(part)
      at += part.length
      return part.length
    },
    available: () => (at < bytes.length ? bytes.length - at : -1),
  }
}

/**
 * Runs a guest on this thread: no worker, no shared memory, no sleep. For unit tests of everything
 * between a module and its exit; a wait that nothing can end is over at once.
 *
 * @throws EngineError as `runGuest` and `meter` do.
 */
export function runInline(
  bytes: Uint8Array,
  root: LayerParts,
  guest: GuestSpec,
  stdin: Uint8Array = new Uint8Array(),
): InlineEnd {
  const metered = meter(bytes)
  const { manifest } = metered
  const stdout = kept()
  const stderr = kept()
  const ports: GuestPorts = {
    stdin: given(stdin),
    stdout,
    stderr,
    waiter: { park: (changed) => changed() },
    control: {
      raised: () => false,
      condemned: () => undefined,
      takeSignals: () => undefined,
      pausing: () => false,
      changedLimits: () => undefined,
      publish: () => {},
    },
    cpuClock: wallClock,
    // There is nobody else to send one, and no flag to put up.
    signals: { handle: () => {}, end: () => {}, stop: () => {}, resume: () => {} },
  }
  const module = new WebAssembly.Module(withTrapMap(metered))
  const { report, files } = runGuest({ module, manifest, root, guest }, ports)
  return { ...report, files, stdout: stdout.bytes(), stderr: stderr.bytes() }
}
