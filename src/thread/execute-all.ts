import type { LinearMemory } from '../abi/guest-memory.ts'
import { execute } from './execute.ts'
import type { Callee } from './guest-calls.ts'
import type { ThreadPorts } from './guest-ports.ts'
import type { End, GuestThread } from './guest-thread.ts'
import type { KeptForNext } from './kept-for-next.ts'
import type { Program } from './program.ts'

/**
 * Runs a process to its end on this thread, whatever programs it goes on as.
 *
 * @throws EngineError as `execute`.
 */
export function executeAll(
  program: Program,
  thread: GuestThread,
  kept: KeptForNext,
  { nextProgram }: Pick<ThreadPorts, 'nextProgram'>,
  calleeOf: (memory: LinearMemory) => Callee,
): End {
  let now = program
  for (;;) {
    const end = execute(now, thread, kept, calleeOf)
    if (nextProgram === undefined || !thread.takeNext()) return end
    now = nextProgram()
  }
}
