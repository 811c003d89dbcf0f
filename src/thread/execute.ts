import { LinearMemory } from '../abi/guest-memory.ts'
import { EngineError } from '../contract/errors.ts'
import { placeHooks } from '../wasm/hooks.ts'
import { instanceOf, PAGE } from '../wasm/instance.ts'
import type { Callee } from './guest-calls.ts'
import { endOf } from './guest-exit.ts'
import type { End, GuestThread } from './guest-thread.ts'
import type { KeptForNext } from './kept-for-next.ts'
import type { Program } from './program.ts'
import type { SpareMemory } from './spare-memory.ts'

/** It has no prototype: a name that is not exported is no property. */
type Exports = WebAssembly.Instance['exports']

function functionAt(exports: Exports, name: string): ((...args: number[]) => unknown) | undefined {
  const found = exports[name]
  // Exported functions of wasm: `typeof` is all that can be asked. One with other parameters is called with
  // what there is, which wasm makes numbers of.
  return typeof found === 'function' ? (found as (...args: number[]) => unknown) : undefined
}

/** The guest's memory as it begins, paid for. */
function memoryOf(
  { manifest }: Program,
  thread: GuestThread,
  spare: SpareMemory,
): WebAssembly.Memory | undefined {
  const bytes = manifest.initialPages * PAGE
  if (!thread.reserve(bytes)) {
    throw new EngineError(
      'INVALID_LIMIT',
      `the module starts with ${bytes / 2 ** 20} MiB of memory, more than its limit`,
    )
  }
  return manifest.hostMemory && spare.take(manifest.hostMemory)
}

function instantiate(
  { module, manifest }: Program,
  { calls }: KeptForNext,
  memory: WebAssembly.Memory | undefined,
): Exports {
  const instance = instanceOf(module, manifest, calls.importsOf(module, manifest), memory)
  placeHooks(instance, manifest, calls.hooks)
  return instance.exports
}

function run(
  program: Program,
  thread: GuestThread,
  kept: KeptForNext,
  memory: WebAssembly.Memory | undefined,
): End {
  const { module, manifest } = program
  let exports: Exports
  try {
    exports = instantiate(program, kept, memory)
  } catch (error) {
    // Segments are copied in before any code runs; one that lies outside is a trap of the guest.
    if (error instanceof WebAssembly.RuntimeError) return endOf(thread.end, false, error, module)
    throw error
  }
  const start = functionAt(exports, '_start')
  const gauge = exports[manifest.fuel]
  if (start === undefined || !(gauge instanceof WebAssembly.Global)) {
    throw new EngineError('INVALID_MODULE', 'exec format error: the module exports no _start')
  }
  try {
    thread.handlers.find = (name) => functionAt(exports, name)
    // The fuel global is an i64: its value is a bigint.
    thread.fuel.start(gauge as { value: bigint })
    thread.begin()
    if (manifest.start !== undefined) functionAt(exports, manifest.start)?.()
    start()
  } catch (error) {
    return endOf(thread.end, false, error, module)
  }
  return endOf(thread.end, true, undefined, module)
}

/**
 * Runs a guest to its end on this thread.
 *
 * @param kept - what this thread has of the guest before.
 * @param calleeOf - what the calls of a guest with this memory are made on.
 * @throws EngineError when it never started: INVALID_MODULE, INVALID_LIMIT.
 */
export function execute(
  program: Program,
  thread: GuestThread,
  kept: KeptForNext,
  calleeOf: (memory: LinearMemory) => Callee,
): End {
  let memory: WebAssembly.Memory | undefined
  try {
    memory = memoryOf(program, thread, kept.memory)
  } catch (error) {
    // To pay for it may take a wait, and it may be ended meanwhile.
    if (thread.end === undefined) throw error
    return endOf(thread.end, false, error, program.module)
  }
  const linear = new LinearMemory()
  if (memory !== undefined) linear.attach(memory)
  kept.calls.begin(thread, calleeOf(linear))
  try {
    const end = run(program, thread, kept, memory)
    if (memory !== undefined) kept.memory.giveBack(memory)
    return end
  } finally {
    kept.calls.end()
  }
}
