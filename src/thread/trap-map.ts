import type { MeterResult } from '../wasm/meter.ts'
import { type TrapPlace, trapPlace } from '../wasm/trap-place.ts'

/** Custom sections of a module that runs: no module of a guest keeps one of its own. */
const OFFSETS = 'bulkhead:offsets'
const LINES = 'bulkhead:lines'
/** A third of the size that the best one gives, at a tenth of its time. */
const FAST = { level: 1 }

/** Loaded when it is needed: most threads never trap, and it would be memory of each. */
const zlib = () => process.getBuiltinModule('node:zlib')

function u32(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...u32(value >>> 7)]
}

function customSection(name: string, content: Uint8Array): readonly Uint8Array[] {
  const packed = zlib().deflateRawSync(content, FAST)
  const header = [name.length, ...Buffer.from(name)]
  return [Uint8Array.of(0, ...u32(header.length + packed.length), ...header), packed]
}

/**
 * The module with what tells a trap's place behind it, so that both go everywhere together: its map
 * of offsets, and its source lines where it has them.
 */
export function withTrapMap({ bytes, offsets, lines }: MeterResult): Uint8Array {
  const known = lines.length === 0 ? [] : customSection(LINES, lines)
  return Buffer.concat([bytes, ...customSection(OFFSETS, offsets), ...known])
}

function section(module: WebAssembly.Module, name: string): Uint8Array | undefined {
  const [bytes] = WebAssembly.Module.customSections(module, name)
  return bytes && new Uint8Array(bytes)
}

const NOTHING = new Uint8Array()

/** Where the guest trapped, if V8's stack says it: asked for only when it did. */
export function placeOf(module: WebAssembly.Module, stack: string): TrapPlace | undefined {
  const offsets = section(module, OFFSETS)
  if (offsets === undefined) return undefined
  const lines = section(module, LINES)
  const { inflateRawSync } = zlib()
  return trapPlace(
    {
      offsets: inflateRawSync(offsets),
      lines: lines === undefined ? NOTHING : inflateRawSync(lines),
      names: section(module, 'name'),
    },
    stack,
  )
}
