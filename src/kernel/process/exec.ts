import { type Blocked, blocked, fail, ok, type Result } from '../../contract/result.ts'
import { SIGNAL } from '../../contract/signals.ts'
import { plainWalker } from './directory.ts'
import { openForProgram } from './first-descriptors.ts'
import { Launch, type LaunchAnswer } from './launcher.ts'
import { commandOf, type Process } from './process.ts'
import { type Resolved, resolveProgram } from './resolve-program.ts'
import { argumentRefusal, type ProgramCall, refusal, untilTold } from './spawn.ts'

/** A process whose next program is on its way. */
export class Replacing {
  readonly #launch: Launch

  constructor(launch: Launch) {
    this.#launch = launch
  }

  /** Why the program goes on. Never a success: then the thread leaves what calls. */
  step(): Result<never> | Blocked {
    const { answer } = this.#launch
    if (answer === undefined) return untilTold(this.#launch)
    return answer.ok ? { ...blocked(() => false), firm: true } : fail(answer.errno)
  }
}

/**
 * The caller goes on as another program: same number, parent, directory, and descriptors but for
 * those that are closed then. What can fail here fails here, with nothing changed.
 *
 * @returns as `spawn`.
 * @source execve(2)
 */
export function exec(caller: Process, call: ProgramCall): Result<Replacing> {
  const refused = refusal(caller, call)
  if (refused !== undefined) return fail(refused)
  const resolved = resolveProgram(plainWalker(caller), caller.directory, call)
  if (!resolved.ok) return resolved
  const environment = call.environment ?? caller.environment
  const tooBig = argumentRefusal(resolved.value.args, environment)
  if (tooBig !== undefined) return fail(tooBig)
  const next = { ...resolved.value, environment, command: commandOf(call.program) }
  const launch = new Launch((answer) => settle(caller, next, answer))
  caller.namespace.launcher.replace(caller, resolved.value.program, launch)
  return ok(new Replacing(launch))
}

/** What the process will be. */
interface Next extends Resolved {
  readonly environment: readonly string[]
  readonly command: string
}

/** From here on there is no way back: the program before is gone, whatever comes. */
function settle(
  process: Process,
  { program, args, environment, command }: Next,
  answer: LaunchAnswer,
): LaunchAnswer {
  if (!answer.ok || process.ended !== undefined) return answer
  process.fds.closeOnExec()
  const ready = openForProgram(process, answer.native)
  if (!ready.ok) {
    process.thread.end(SIGNAL.KILL)
    return ready
  }
  process.args = args
  process.environment = environment
  process.program = program.path
  process.command = command
  process.signals.afterExec()
  return answer
}
