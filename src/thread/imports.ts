import type { LinkedImport } from '../abi/link.ts'
import type { Step } from '../abi/preview1/call.ts'
import type { Row } from '../abi/preview1/row.ts'
import type { Argument } from '../abi/window.ts'
import type { Errno } from '../contract/errno.ts'
import type { GuestThread } from './guest-thread.ts'

/** How a guest's calls are made: on this thread, or by the kernel on another one. */
export type Caller = (row: Row) => (args: readonly Argument[]) => Step

/**
 * The functions a guest imports. Each call: the dead get a trap, the call is charged, the handler
 * answers or says what it waits for, and the loop parks until there is an answer.
 */
export function guestImports(
  linked: readonly LinkedImport[],
  process: GuestThread,
  caller: Caller,
): WebAssembly.Imports {
  const modules = new Map<string, Map<string, WebAssembly.ImportValue>>()
  for (const { module, name, row } of linked) {
    const names = modules.get(module) ?? new Map<string, WebAssembly.ImportValue>()
    names.set(name, guestCall(caller(row), row.cost, process))
    modules.set(module, names)
  }
  return Object.fromEntries(
    [...modules].map(([module, names]) => [module, Object.fromEntries(names)]),
  )
}

function guestCall(
  call: (args: readonly Argument[]) => Step,
  cost: number,
  process: GuestThread,
): (...args: Argument[]) => number {
  const { counted } = process.ledger
  return (...args) => {
    try {
      process.mustLive()
      counted.syscalls += 1
      process.charge(cost)
      const errno = complete(() => call(args), process)
      process.mustLive()
      return errno
    } catch (error) {
      // A handler's fault or ours, or an exhausted stack: no JavaScript exception reaches the guest,
      // which could catch it. The process traps.
      return process.crash(error)
    }
  }
}

/** Makes the call, and parks and calls again for as long as it is blocked. */
function complete(call: () => Step, process: GuestThread): Errno {
  let step = call()
  while (typeof step !== 'number') {
    process.park(step)
    step = step.resume()
  }
  return step
}
