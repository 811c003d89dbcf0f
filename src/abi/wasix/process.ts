import { Errno } from '../../contract/errno.ts'
import { LAST_SIGNAL } from '../../contract/signals.ts'
import type { Process, Waited, WaitFor } from '../../kernel/process/process.ts'
import { waitFor } from '../bulkhead/wait.ts'
import type { CallContext, Step } from '../preview1/call.ts'

/** tag@0 pid@4. @source the guests' reference, 6.2, `option_pid` */
export const OPTION_PID_BYTES = 8
/** tag@0 code@2 signal@4; of a stopped one signal@2. @source 6.2, `join_status` */
export const JOIN_STATUS_BYTES = 6
/** signal@0 disposition@1. @source 6.2, `signal_disposition` */
export const DISPOSITION_BYTES = 2
export const MAX_DISPOSITIONS = LAST_SIGNAL
const FLAG = { NON_BLOCKING: 1, STOPPED: 2 } as const
const TAG = { NONE: 0, SOME: 1 } as const
const STATUS = { NOTHING: 0, EXITED: 1, SIGNALLED: 2, STOPPED: 3 } as const
const IGNORED = 1

/** @source getpid(2) */
export const procId = ({ process, memory }: CallContext, out: number): Errno =>
  memory.writeU32(out, process.pid)

/** SRCH: there is no such process. */
export function procParent({ process, memory }: CallContext, pid: number, out: number): Errno {
  const found = pid === process.pid ? process : process.namespace.processes.get(pid)
  return found === undefined ? Errno.SRCH : memory.writeU32(out, found.parentPid)
}

/** Those that are ignored: all others have their default action when a program begins. */
function ignoredBy({ signals }: Process): readonly number[] {
  const all = Array.from({ length: LAST_SIGNAL }, (_, index) => index + 1)
  return all.filter((signal) => signals.action(signal) === 'ignore')
}

/** How many dispositions there are to get. */
export const procSignalsSizesGet = ({ process, memory }: CallContext, out: number): Errno =>
  memory.writeU32(out, ignoredBy(process).length)

/** The signals that are ignored from the start. */
export function procSignalsGet({ process, memory }: CallContext, out: number): Errno {
  const ignored = ignoredBy(process)
  const view = memory.zeroed(out, ignored.length * DISPOSITION_BYTES)
  if (!view.ok) return view.errno
  for (const [index, signal] of ignored.entries()) {
    view.value.setUint8(index * DISPOSITION_BYTES, signal)
    view.value.setUint8(index * DISPOSITION_BYTES + 1, IGNORED)
  }
  return Errno.SUCCESS
}

function writePid({ memory }: CallContext, at: number, pid: number): void {
  const view = memory.zeroed(at, OPTION_PID_BYTES)
  if (!view.ok) return
  view.value.setUint8(0, TAG.SOME)
  view.value.setInt32(4, pid, true)
}

/** Of one that a signal ended the code is 0: libc packs it above the signal, and macros look there. */
function writeStatus({ memory }: CallContext, at: number, waited: Waited | undefined): Errno {
  const status = memory.zeroed(at, JOIN_STATUS_BYTES)
  if (!status.ok) return status.errno
  const { value: view } = status
  if (waited === undefined || waited.kind === 'continued') return Errno.SUCCESS
  if (waited.kind === 'stopped') {
    view.setUint8(0, STATUS.STOPPED)
    view.setUint8(2, waited.signal)
    return Errno.SUCCESS
  }
  const { code, signal } = waited.exit
  view.setUint8(0, signal === undefined ? STATUS.EXITED : STATUS.SIGNALLED)
  view.setUint16(2, signal === undefined ? code : 0, true)
  view.setUint8(4, signal ?? 0)
  return Errno.SUCCESS
}

/** Waits for the child at `pid`, or any when it says none; its number is written there. */
export function procJoin(call: CallContext, pid: number, flags: number, out: number): Step {
  if ((flags & ~(FLAG.NON_BLOCKING | FLAG.STOPPED)) !== 0) return Errno.INVAL
  const option = call.memory.view(pid, OPTION_PID_BYTES)
  if (!option.ok) return option.errno
  if (!call.memory.covers(out, JOIN_STATUS_BYTES)) return Errno.FAULT
  const view = new DataView(option.value.buffer, option.value.byteOffset, OPTION_PID_BYTES)
  const which: WaitFor = view.getUint8(0) === TAG.NONE ? 'any' : { pid: view.getInt32(4, true) }
  const options = {
    noHang: (flags & FLAG.NON_BLOCKING) !== 0,
    stopped: (flags & FLAG.STOPPED) !== 0,
    continued: false,
  }
  return waitFor(call, which, options, (waited) => {
    writePid(call, pid, waited?.pid ?? 0)
    return writeStatus(call, out, waited)
  })
}
