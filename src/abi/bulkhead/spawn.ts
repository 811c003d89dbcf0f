import { Errno } from '../../contract/errno.ts'
import { type Blocked, fail, type Result } from '../../contract/result.ts'
import { exec } from '../../kernel/process/exec.ts'
import { type ProgramCall, type SpawnRequest, spawn } from '../../kernel/process/spawn.ts'
import { type CallContext, chargeBytes, type Step, suspended } from '../preview1/call.ts'
import { MAX_REQUEST_BYTES, spawnRequestOf } from './spawn-request.ts'

/** Finding a program and copying a table of descriptors. @source none yet: a tenth of what Linux takes */
const UNITS_PER_SPAWN = 200_000

/** Asks until there is an answer. No signal ends the wait: what has begun is seen through. */
function settle<T>(step: () => Result<T> | Blocked, done: (value: T) => Errno): Step {
  const answer = step()
  if (answer.ok === 'blocked') return suspended(answer, () => settle(step, done))
  return answer.ok ? done(answer.value) : answer.errno
}

/** Begins a child, and writes its number at `out`. */
export function spawnChild(call: CallContext, request: SpawnRequest, out: number): Step {
  if (!call.memory.covers(out, 4)) return Errno.FAULT
  call.process.charge(UNITS_PER_SPAWN)
  const spawning = spawn(call.process, request)
  if (!spawning.ok) return spawning.errno
  return settle(
    () => spawning.value.step(),
    (pid) => call.memory.writeU32(out, pid),
  )
}

/** Goes on as another program. An answer is a failure: a success never comes back. */
export function execProgram(call: CallContext, request: ProgramCall): Step {
  call.process.charge(UNITS_PER_SPAWN)
  const executing = exec(call.process, request)
  if (!executing.ok) return executing.errno
  return settle(
    () => executing.value.step(),
    () => Errno.SUCCESS,
  )
}

function requestAt(call: CallContext, pointer: number, length: number): Result<SpawnRequest> {
  if (length >>> 0 > MAX_REQUEST_BYTES) return fail(Errno['2BIG'])
  const bytes = call.memory.view(pointer, length)
  if (!bytes.ok) return bytes
  chargeBytes(call, bytes.value.length)
  return spawnRequestOf(bytes.value, call.process.umask)
}

/** @source posix_spawn(3) */
export function procSpawn(call: CallContext, pointer: number, length: number, out: number): Step {
  const request = requestAt(call, pointer, length)
  return request.ok ? spawnChild(call, request.value, out) : request.errno
}

/** INVAL: with changes of files, signals, group or session, which are the caller's to make. @source execve(2) */
export function procExec(call: CallContext, pointer: number, length: number): Step {
  const request = requestAt(call, pointer, length)
  if (!request.ok) return request.errno
  const { files, signals, group, session } = request.value
  if (files.length + signals.length > 0 || group !== undefined || session) return Errno.INVAL
  return execProgram(call, request.value)
}
