/** (module (func (export "t") unreachable)) */
const TRAP = Uint8Array.of(
  ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
  ...[1, 4, 1, 0x60, 0, 0],
  ...[3, 2, 1, 0],
  ...[7, 5, 1, 1, 0x74, 0, 0],
  ...[10, 5, 1, 3, 0, 0x00, 0x0b],
)

// Made before any guest runs: where one has no stack left, a module cannot be compiled any more.
const { exports } = new WebAssembly.Instance(new WebAssembly.Module(TRAP))
// Its one export is the function above, which never returns.
const trap = exports['t'] as () => never

/**
 * Raises a real wasm trap. A JavaScript exception, even a WebAssembly.RuntimeError made by hand, is
 * caught by a guest's `catch_all`; a trap is not.
 *
 * @source metering reference, section 8, "Killing"
 */
export function raiseTrap(): never {
  return trap()
}

/** @source V8, `Isolate::StackOverflow` and `kStackOverflow` of its messages */
const STACK_OVERFLOW = 'Maximum call stack size exceeded'

/** Whether V8 made it, of a trap or of the end of the stack, and so hides it from every `catch_all`. */
export const isUncatchable = (thrown: unknown): boolean =>
  thrown instanceof WebAssembly.RuntimeError ||
  (thrown instanceof RangeError && thrown.message === STACK_OVERFLOW)
