import { numberOf } from '../abi/call-numbers.ts'
import type { GuestMemory } from '../abi/guest-memory.ts'
import type { HandlerPort, Step } from '../abi/preview1/call.ts'
import { Errno } from '../contract/errno.ts'
import type { Caller } from './guest-calls.ts'
import { LENT } from './kernel-requests.ts'
import type { SecondaryThread } from './secondary-thread.ts'

/** The guest's function is found on this thread; the kernel is told that there is one. */
const handlerOf = (process: SecondaryThread): HandlerPort => ({
  set: (name) => {
    const found = process.handlers.set(name)
    process.kernel.handler(process, found && name !== '')
    return found
  },
})

/**
 * Calls that need nothing of the kernel are made here, and those on what it has lent; all others through the
 * mailbox.
 */
export function callerOf(process: SecondaryThread, memory: GuestMemory): Caller {
  const { borrower, kernel } = process
  const handler = handlerOf(process)
  const call: Caller = (row, args) => {
    if (row.where === 'caller') {
      // V8 holds the arguments to the types of the import, which are those of the handler.
      return row.handler({ process, memory, handler }, ...(args as never[]))
    }
    const step = borrower?.call(row.lent, args, memory, process, () => call(row, args))
    if (step !== undefined) return withKernel(step)
    const number = numberOf(row)
    if (number === undefined) return Errno.NOSYS
    const made = { number, reach: row.reach, lent: row.lent }
    const answer = kernel.call(process, made, args, memory)
    return answer === LENT ? call(row, args) : answer
  }

  /** A wait without the kernel, which ends when the kernel does. */
  function withKernel(step: Step): Step {
    if (typeof step === 'number') return step
    const resume = (): Step => (kernel.gone ? process.die('killed') : withKernel(step.resume()))
    return { ...step, changed: () => kernel.gone || step.changed(), resume }
  }
  return call
}
