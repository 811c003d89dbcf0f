import { linkImports } from '../abi/link.ts'
import type { CallContext, LocalContext, Step } from '../abi/preview1/call.ts'
import type { KernelRow, Row } from '../abi/preview1/row.ts'
import type { Argument } from '../abi/window.ts'
import { Errno } from '../contract/errno.ts'
import { type HookFunctions, hookFunctions } from '../wasm/hooks.ts'
import type { MeterManifest } from '../wasm/meter.ts'
import { raiseTrap } from '../wasm/trap.ts'
import type { GuestThread } from './guest-thread.ts'

/** Makes a call of the kernel, which is on another thread. */
export type RemoteCall = (row: KernelRow, args: readonly Argument[]) => Step

/** What a guest's calls are made on: `context` is for those that its own thread makes. */
export type Callee =
  /** The kernel is here, and so all of them are. */
  | { readonly context: CallContext & LocalContext; readonly kernel: undefined }
  | { readonly context: LocalContext; readonly kernel: RemoteCall }

/** V8 holds the arguments to the types of the import, which are those of the handler. */
type Plain = (context: Callee['context'], ...args: readonly (Argument | undefined)[]) => Step

/**
 * Entries that all tables of a guest may grow by together: from about two million on, V8 ends the
 * whole process. @source threat model, F1
 */
const MAX_GROWN_ENTRIES = 900_000
/** What V8 keeps for an entry: the reference, and for functions its signature and address too. */
const ENTRY_BYTES = 32

/** The guest whose calls these are. */
interface Guest {
  readonly thread: GuestThread
  readonly callee: Callee
  grownEntries: number
}

/**
 * The functions that guests of one thread call: made once, and so the same for one guest after the
 * other. V8 keeps an instance, and whatever its imports name, for much longer than a short run takes;
 * these name the guest of the moment only, so that nothing of a container outlives its run for it.
 */
export class GuestCalls {
  #guest: Guest | undefined
  readonly #imports = new WeakMap<WebAssembly.Module, WebAssembly.Imports>()
  #hooks: HookFunctions | undefined

  /** From now on, and until `end`, the guest on `thread` calls. */
  begin(thread: GuestThread, callee: Callee): void {
    this.#guest = { thread, callee, grownEntries: 0 }
  }

  end(): void {
    this.#guest = undefined
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
      refill: () => guarded(this.#now(), ({ thread }) => thread.fuel.refill()),
      grow: (_, more) => guarded(this.#now(), ({ thread }) => thread.grow(more)),
      tableGrow: (_, more) => guarded(this.#now(), (guest) => growTable(guest, more)),
    })
    return this.#hooks
  }

  #now(): Guest {
    return this.#guest ?? raiseTrap()
  }

  /**
   * Each call: the dead get a trap, the call is charged, the handler answers or says what it waits for,
   * and the loop parks until there is an answer.
   *
   * As many parameters as the longest call has (`path_open2`), by position: a list of them for each call
   * is most of what a guest that calls all the time would leave V8 to collect.
   */
  #imported(row: Row): (...args: Argument[]) => Errno {
    const handler = row.handler as Plain
    return (a?, b?, c?, d?, e?, f?, g?, h?, i?, j?): Errno => {
      const { thread, callee } = this.#now()
      try {
        thread.mustLive()
        thread.ledger.syscalls += 1
        thread.charge(row.cost)
        const { context, kernel } = callee
        const step =
          kernel === undefined || row.where === 'caller'
            ? handler(context, a, b, c, d, e, f, g, h, i, j)
            : kernel(row, given(a, b, c, d, e, f, g, h, i, j))
        return answered(thread, step)
      } catch (error) {
        return thread.crash(error)
      }
    }
  }

  #linked(manifest: MeterManifest): WebAssembly.Imports {
    const modules = new Map<string, Map<string, WebAssembly.ImportValue>>()
    for (const { module, name, row } of linkImports(manifest.imports)) {
      const names = modules.get(module) ?? new Map<string, WebAssembly.ImportValue>()
      names.set(name, this.#imported(row))
      modules.set(module, names)
    }
    return Object.fromEntries(
      [...modules].map(([module, names]) => [module, Object.fromEntries(names)]),
    )
  }
}

/** No JavaScript exception reaches the guest, which could catch it. */
function guarded<Answer>(guest: Guest, hook: (guest: Guest) => Answer): Answer {
  try {
    return hook(guest)
  } catch (error) {
    return guest.thread.crash(error)
  }
}

/** Wasm gives all arguments of a call, and the others are undefined. */
function given(...args: readonly (Argument | undefined)[]): readonly Argument[] {
  return args.filter((argument) => argument !== undefined)
}

/**
 * Signals reach the guest in its wait and after the call, never before: a guest that has just looked
 * whether a handler had run would wait all the same.
 */
function answered(thread: GuestThread, first: Step): Errno {
  let step = first
  while (typeof step !== 'number') {
    step = thread.wait(step) ? (step.interrupted?.() ?? Errno.INTR) : step.resume()
  }
  thread.mustLive()
  thread.handlers.run()
  return step
}

function growTable(guest: Guest, more: number): boolean {
  if (guest.grownEntries + more > MAX_GROWN_ENTRIES) return false
  if (!guest.thread.reserve(more * ENTRY_BYTES)) return false
  guest.grownEntries += more
  return true
}
