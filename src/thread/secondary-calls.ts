import { numberOf } from '../abi/call-numbers.ts'
import type { GuestMemory } from '../abi/guest-memory.ts'
import type { HandlerPort, Step } from '../abi/preview1/call.ts'
import { Errno } from '../contract/errno.ts'
import type { Callee, RemoteCall } from './guest-calls.ts'
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

/** Calls on what the kernel has lent are made here, all others through the mailbox. */
export function remoteCallOf(process: SecondaryThread, memory: GuestMemory): RemoteCall {
  const { borrower, kernel } = process
  const call: RemoteCall = (row, args) => {
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

/** Calls that need nothing of the kernel are made on this thread. */
export const calleeOf = (process: SecondaryThread, memory: GuestMemory): Callee => ({
  context: { process, memory, handler: handlerOf(process) },
  kernel: remoteCallOf(process, memory),
})
