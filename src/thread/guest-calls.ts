import type { GuestMemory } from '../abi/guest-memory.ts'
import { linkImports } from '../abi/link.ts'
import type { CallContext, Handler, Step } from '../abi/preview1/call.ts'
import type { Errno } from '../contract/errno.ts'
import { type HookFunctions, hookFunctions } from '../wasm/hooks.ts'
import type { MeterManifest } from '../wasm/meter.ts'
import { raiseTrap } from '../wasm/trap.ts'
import type { RunningProcess } from './running-process.ts'

/**
 * Entries that all tables of a guest may grow by together: from about two million on, V8 ends the
 * whole process. @source threat model, F1
 */
const MAX_GROWN_ENTRIES = 900_000
/** What V8 keeps for an entry: the reference, and for functions its signature and address too. */
const ENTRY_BYTES = 32

/** Whose calls these are. */
interface Caller extends CallContext {
  readonly process: RunningProcess
  grownEntries: number
}

/**
 * The functions that guests of one thread call: made once, and so the same for one guest after the
 * other. V8 keeps an instance, and whatever its imports name, for much longer than a short run takes;
 * these name the caller of the moment only, so that nothing of a container outlives its run for it.
 */
export class GuestCalls {
  #caller: Caller | undefined
  readonly #imports = new WeakMap<WebAssembly.Module, WebAssembly.Imports>()
  #hooks: HookFunctions | undefined

  /** From now on `process` calls, and until `end`. */
  begin(process: RunningProcess, memory: GuestMemory): void {
    this.#caller = { process, memory, grownEntries: 0 }
  }

  end(): void {
    this.#caller = undefined
  }

  /** @throws EngineError `INVALID_MODULE`: an import that nobody knows. */
  importsOf(module: WebAssembly.Module, manifest: MeterManifest): WebAssembly.Imports {
    let imports = this.#imports.get(module)
    if (imports === undefined) {
      imports = this.#linked(manifest)
      this.#imports.set(module, imports)
    }
    return imports
  }

  /** What the meter's code calls. */
  get hooks(): HookFunctions {
    this.#hooks ??= hookFunctions({
      refill: () => this.#now().process.fuel.refill(),
      grow: (_, more) => this.#now().process.grow(more),
      tableGrow: (_, more) => growTable(this.#now(), more),
    })
    return this.#hooks
  }

  #now(): Caller {
    return this.#caller ?? raiseTrap()
  }

  #linked(manifest: MeterManifest): WebAssembly.Imports {
    const modules = new Map<string, Map<string, WebAssembly.ImportValue>>()
    for (const { module, name, row } of linkImports(manifest.imports)) {
      const names = modules.get(module) ?? new Map<string, WebAssembly.ImportValue>()
      names.set(name, this.#guestCall(row.handler, row.cost))
      modules.set(module, names)
    }
    return Object.fromEntries(
      [...modules].map(([module, names]) => [module, Object.fromEntries(names)]),
    )
  }

  /**
   * Each call: the dead get a trap, the call is charged, the handler answers or says what it waits
   * for, and the loop parks until there is an answer.
   */
  #guestCall(handler: Handler, cost: number): (...args: (number | bigint)[]) => number {
    return (...args) => {
      const caller = this.#now()
      const { process } = caller
      process.mustLive()
      process.ledger.counted.syscalls += 1
      process.charge(cost)
      // V8 holds the arguments to the types of the import, which are those of the handler.
      const errno = complete(() => handler(caller, ...(args as never[])), process)
      process.mustLive()
      return errno
    }
  }
}

function growTable(caller: Caller, more: number): boolean {
  if (caller.grownEntries + more > MAX_GROWN_ENTRIES) return false
  if (!caller.process.ledger.charge('memory', more * ENTRY_BYTES)) return false
  caller.grownEntries += more
  return true
}

/** Makes the call, and parks and calls again for as long as it is blocked. */
function complete(call: () => Step, process: RunningProcess): Errno {
  let step = attempt(call, process)
  while (typeof step !== 'number') {
    const { resume } = step
    process.park(step)
    step = attempt(resume, process)
  }
  return step
}

/** Whatever a handler throws is a fault of ours or an exhausted stack: the process traps. */
function attempt(call: () => Step, process: RunningProcess): Step {
  try {
    return call()
  } catch (error) {
    return process.crash(error)
  }
}
