import type { LinkedImport } from '../abi/link.ts'
import type { CallContext, Handler, Step } from '../abi/preview1/call.ts'
import type { Errno } from '../contract/errno.ts'
import type { RunningProcess } from './running-process.ts'

/**
 * The functions a guest imports. Each call: the dead get a trap, the call is charged, the handler
 * answers or says what it waits for, and the loop parks until there is an answer.
 */
export function guestImports(
  linked: readonly LinkedImport[],
  process: RunningProcess,
  context: CallContext,
): WebAssembly.Imports {
  const modules = new Map<string, Map<string, WebAssembly.ImportValue>>()
  for (const { module, name, row } of linked) {
    const names = modules.get(module) ?? new Map<string, WebAssembly.ImportValue>()
    names.set(name, guestCall(row.handler, row.cost, process, context))
    modules.set(module, names)
  }
  return Object.fromEntries(
    [...modules].map(([module, names]) => [module, Object.fromEntries(names)]),
  )
}

function guestCall(
  handler: Handler,
  cost: number,
  process: RunningProcess,
  context: CallContext,
): (...args: (number | bigint)[]) => number {
  const { counted } = process.ledger
  return (...args) => {
    process.mustLive()
    counted.syscalls += 1
    process.charge(cost)
    // V8 holds the arguments to the types of the import, which are those of the handler.
    const errno = complete(() => handler(context, ...(args as never[])), process)
    process.mustLive()
    return errno
  }
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
