import { Errno } from '../../contract/errno.ts'
import type { Result } from '../../contract/result.ts'
import { type CallContext, errnoOf } from '../preview1/call.ts'

export const IDENTITY_BYTES = 24
const PERMISSION_BITS = 0o777

function writeNumbers({ memory }: CallContext, out: number, numbers: readonly number[]): Errno {
  const view = memory.zeroed(out, numbers.length * 4)
  if (!view.ok) return view.errno
  for (const [index, number] of numbers.entries()) view.value.setUint32(index * 4, number, true)
  return Errno.SUCCESS
}

/** pid@0 parent@4 group@8 session@12 uid@16 gid@20. @source getpid(2), getpgrp(2), getuid(2) */
export function procIdentity(call: CallContext, out: number): Errno {
  const { pid, parentPid, groupId, sessionId, credentials } = call.process
  return writeNumbers(call, out, [
    pid,
    parentPid,
    groupId,
    sessionId,
    credentials.uid,
    credentials.gid,
  ])
}

/** As many as fit, and how many there are. @source getgroups(2) */
export function procGroups(call: CallContext, list: number, capacity: number, out: number): Errno {
  const { groups } = call.process.credentials
  if (!call.memory.covers(out, 4)) return Errno.FAULT
  const told = groups.slice(0, capacity >>> 0)
  const errno = writeNumbers(call, list, told)
  return errno === Errno.SUCCESS ? call.memory.writeU32(out, groups.length) : errno
}

const writeId = ({ memory }: CallContext, out: number, id: Result<number>): Errno =>
  id.ok ? memory.writeU32(out, id.value) : id.errno

/** @source getpgid(2) */
export const procGroupGet = (call: CallContext, pid: number, out: number): Errno =>
  writeId(call, out, call.process.namespace.groupOf(call.process, pid))

/** @source setpgid(2) */
export const procGroupSet = ({ process }: CallContext, pid: number, group: number): Errno =>
  errnoOf(process.namespace.setGroup(process, pid, group))

/** @source getsid(2) */
export const procSessionGet = (call: CallContext, pid: number, out: number): Errno =>
  writeId(call, out, call.process.namespace.sessionOf(call.process, pid))

/** @source setsid(2) */
export function procSessionNew(call: CallContext, out: number): Errno {
  if (!call.memory.covers(out, 4)) return Errno.FAULT
  return writeId(call, out, call.process.namespace.setSession(call.process))
}

/** @source umask(2) */
export function procUmask({ process, memory }: CallContext, mask: number, out: number): Errno {
  const errno = memory.writeU32(out, process.umask)
  if (errno === Errno.SUCCESS) process.umask = mask & PERMISSION_BITS
  return errno
}
