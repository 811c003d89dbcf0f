import { Errno } from '../../contract/errno.ts'
import { stringsLength } from '../guest-memory.ts'
import type { LocalContext } from './call.ts'

function writeSizes(
  { memory }: LocalContext,
  texts: readonly string[],
  count: number,
  size: number,
): Errno {
  if (!memory.covers(count, 4) || !memory.covers(size, 4)) return Errno.FAULT
  memory.writeU32(count, texts.length)
  return memory.writeU32(size, stringsLength(texts))
}

/** Counts UTF-8 bytes and one NUL each. @source witx `args_sizes_get` */
export const argsSizesGet = (call: LocalContext, count: number, size: number): Errno =>
  writeSizes(call, call.process.args, count, size)

/** @source witx `args_get` */
export const argsGet = (call: LocalContext, table: number, bytes: number): Errno =>
  call.memory.writeStrings(table, bytes, call.process.args)

/** @source witx `environ_sizes_get` */
export const environSizesGet = (call: LocalContext, count: number, size: number): Errno =>
  writeSizes(call, call.process.environment, count, size)

/** `NAME=value`, in the order given. @source witx `environ_get` */
export const environGet = (call: LocalContext, table: number, bytes: number): Errno =>
  call.memory.writeStrings(table, bytes, call.process.environment)
