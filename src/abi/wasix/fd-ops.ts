import { Errno } from '../../contract/errno.ts'
import { fail, ok, type Result } from '../../contract/result.ts'
import type { FileAction } from '../../kernel/process/file-actions.ts'
import type { CallContext } from '../preview1/call.ts'
import { FDFLAG } from '../preview1/descriptor.ts'
import { pathOf } from '../preview1/locate.ts'
import { openHowOf } from '../preview1/path.ts'
import { MAX_TEXT, records } from '../reach.ts'

/**
 * cmd@0 fd@4 src_fd@8 path@12 path_len@16 dirflags@20 oflags@24 rights_base@32 rights_inheriting@40
 * fdflags@48 fdflagsext@50. @source the guests' reference, 6.2, `fd_op`
 */
const FD_OP = { unit: 56, most: 256, text: 12, length: 16 } as const
const SYMLINK_FOLLOW = 1

/** `fd_ops` of a call, at these arguments. */
export const fdOps = (pointer: number, count: number) => records(pointer, count, FD_OP)

/** Reads one operation. */
type ReadOp = (call: CallContext, view: DataView) => Result<FileAction>

const fdOf = (view: DataView): number => view.getInt32(4, true)
const textOf = (call: CallContext, view: DataView): Result<string> => {
  const length = view.getUint32(FD_OP.length, true)
  if (length > MAX_TEXT) return fail(Errno.NAMETOOLONG)
  return pathOf(call, view.getUint32(FD_OP.text, true), length)
}

const open: ReadOp = (call, view) => {
  const path = textOf(call, view)
  if (!path.ok) return path
  const fdflags = view.getUint16(48, true)
  const how = openHowOf(view.getUint16(24, true), view.getBigUint64(32, true), {
    follow: (view.getUint32(20, true) & SYMLINK_FOLLOW) !== 0,
    append: (fdflags & FDFLAG.APPEND) !== 0,
    nonblock: (fdflags & FDFLAG.NONBLOCK) !== 0,
    mode: 0o666 & ~call.process.umask,
  })
  return ok({ do: 'open', fd: fdOf(view), path: path.value, how })
}

const chdir: ReadOp = (call, view) => {
  const path = textOf(call, view)
  return path.ok ? ok({ do: 'chdir', path: path.value }) : path
}

/** By `cmd`. */
const OPS: readonly ReadOp[] = [
  (_, view) => ok({ do: 'close', fd: fdOf(view) }),
  (_, view) => ok({ do: 'dup', from: view.getInt32(8, true), to: fdOf(view) }),
  open,
  chdir,
  (_, view) => ok({ do: 'fchdir', fd: fdOf(view) }),
]

/** What a child does to its descriptors. 2BIG: more than 256; INVAL: one that there is not. */
export function fileActionsOf(
  call: CallContext,
  pointer: number,
  count: number,
): Result<readonly FileAction[]> {
  const entries = count >>> 0
  if (entries > FD_OP.most) return fail(Errno['2BIG'])
  const bytes = call.memory.view(pointer, entries * FD_OP.unit)
  if (!bytes.ok) return bytes
  const copy = bytes.value.slice()
  const actions: FileAction[] = []
  for (let index = 0; index < entries; index += 1) {
    const view = new DataView(copy.buffer, index * FD_OP.unit, FD_OP.unit)
    const action = OPS[view.getUint8(0)]?.(call, view) ?? fail(Errno.INVAL)
    if (!action.ok) return action
    actions.push(action.value)
  }
  return ok(actions)
}
