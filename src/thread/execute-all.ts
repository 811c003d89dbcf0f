import type { LinearMemory } from '../abi/guest-memory.ts'
import { execute, type Program } from './execute.ts'
import type { Caller } from './guest-calls.ts'
import type { GuestPorts, NextProgram } from './guest-ports.ts'
import type { End, GuestThread } from './guest-thread.ts'
import type { KeptForNext } from './kept-for-next.ts'

interface Nexts extends Pick<GuestPorts, 'nextProgram'> {
  /** The process is that program from now on. */
  readonly begun?: (next: NextProgram) => void
}

/**
 * Runs a process to its end on this thread, whatever programs it goes on as.
 *
 * @throws EngineError as `execute`.
 */
export function executeAll(
  program: Program,
  thread: GuestThread,
  kept: KeptForNext,
  { nextProgram, begun }: Nexts,
  callerOf: (memory: LinearMemory) => Caller,
): End {
  let now = program
  for (;;) {
    const end = execute(now, thread, kept, callerOf)
    if (nextProgram === undefined || !thread.takeNext()) return end
    const next = nextProgram()
    begun?.(next)
    now = next
  }
}
