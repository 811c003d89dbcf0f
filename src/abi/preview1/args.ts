import { Errno } from '../../contract/errno.ts'
import { stringsLength } from '../guest-memory.ts'
import { chargeText, type LocalContext } from './call.ts'

function writeSizes(
  call: LocalContext,
  texts: readonly string[],
  count: number,
  size: number,
): Errno {
  const { memory } = call
  if (!memory.covers(count, 4) || !memory.covers(size, 4)) return Errno.FAULT
  const bytes = stringsLength(texts)
  chargeText(call, bytes)
  memory.writeU32(count, texts.length)
  return memory.writeU32(size, bytes)
}

function writeTexts(
  call: LocalContext,
  texts: readonly string[],
  table: number,
  at: number,
): Errno {
  const bytes = stringsLength(texts)
  chargeText(call, bytes)
  return call.memory.writeStrings(table, at, texts, bytes)
}

/** Counts UTF-8 bytes and one NUL each. @source witx `args_sizes_get` */
export const argsSizesGet = (call: LocalContext, count: number, size: number): Errno =>
  writeSizes(call, call.process.args, count, size)

/** @source witx `args_get` */
export const argsGet = (call: LocalContext, table: number, bytes: number): Errno =>
  writeTexts(call, call.process.args, table, bytes)

/** @source witx `environ_sizes_get` */
export const environSizesGet = (call: LocalContext, count: number, size: number): Errno =>
  writeSizes(call, call.process.environment, count, size)

/** `NAME=value`, in the order given. @source witx `environ_get` */
export const environGet = (call: LocalContext, table: number, bytes: number): Errno =>
  writeTexts(call, call.process.environment, table, bytes)
