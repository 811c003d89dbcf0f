/** (module (func (export "t") unreachable)) */
const TRAP = Uint8Array.of(
  ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
  ...[1, 4, 1, 0x60, 0, 0],
  ...[3, 2, 1, 0],
  ...[7, 5, 1, 1, 0x74, 0, 0],
  ...[10, 5, 1, 3, 0, 0x00, 0x0b],
)

let trap: (() => never) | undefined

/**
 * Raises a real wasm trap. A JavaScript exception, even a WebAssembly.RuntimeError made by hand, is
 * caught by a guest's `catch_all`; a trap is not.
 *
 * @source metering reference, section 8, "Killing"
 */
export function raiseTrap(): never {
  if (trap === undefined) {
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(TRAP))
    // Its one export is the function above, which never returns.
    trap = exports['t'] as () => never
  }
  return trap()
}
