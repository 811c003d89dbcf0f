import { Errno } from '../../contract/errno.ts'
import { MAX_ARGUMENT_BYTES } from '../../contract/limits.ts'
import { fail, ok, type Result } from '../../contract/result.ts'
import type { SignalChange } from '../../kernel/process/signal-actions.ts'
import { execProgram, spawnChild } from '../bulkhead/spawn.ts'
import { type CallContext, chargeBytes, type Step } from '../preview1/call.ts'
import { pathOf } from '../preview1/locate.ts'
import { input, out, type Reach, strings, text } from '../reach.ts'
import { fdOps, fileActionsOf } from './fd-ops.ts'
import { DISPOSITION_BYTES } from './process.ts'

/** Where a program is looked for when the caller says no directories. @source 6.3 */
const DEFAULT_SEARCH = '/usr/local/bin:/bin:/usr/bin'
const MAX_SIGNAL_CHANGES = 256

/** Behind name and, each with its length or count, args and envs. */
const BEHIND: Reach = [
  fdOps(6, 7),
  input(8, 9, DISPOSITION_BYTES, MAX_SIGNAL_CHANGES),
  text(11, 12),
  out(13, 4),
]
const LINES: Reach = [input(2, 3, 1, MAX_ARGUMENT_BYTES), input(4, 5, 1, MAX_ARGUMENT_BYTES)]
const LISTS: Reach = [strings(2, 3), strings(4, 5)]
export const SPAWN2_REACH: Reach = [text(0, 1), ...LINES, ...BEHIND]
export const SPAWN3_REACH: Reach = [text(0, 1), ...LISTS, ...BEHIND]
export const EXEC4_REACH: Reach = [text(0, 1), ...LISTS, text(7, 8)]

/** Reads arguments or variables at a pointer. */
type ReadTexts = (call: CallContext, pointer: number, count: number) => Result<readonly string[]>

/** One text, its entries ended by newlines. */
const lines: ReadTexts = ({ memory }, pointer, length) => {
  if (length >>> 0 > MAX_ARGUMENT_BYTES) return fail(Errno['2BIG'])
  const found = memory.text(pointer, length)
  if (!found.ok) return found
  if (found.value.includes('\0')) return fail(Errno.INVAL)
  const entries = found.value.split('\n')
  // Behind the newline of the last entry is nothing more.
  if (entries.at(-1) === '') entries.pop()
  return ok(entries)
}
const list: ReadTexts = ({ memory }, pointer, count) => memory.stringTexts(pointer, count)

function changesOf(
  { memory }: CallContext,
  pointer: number,
  count: number,
): Result<readonly SignalChange[]> {
  const entries = count >>> 0
  if (entries > MAX_SIGNAL_CHANGES) return fail(Errno['2BIG'])
  const bytes = memory.view(pointer, entries * DISPOSITION_BYTES)
  if (!bytes.ok) return bytes
  const at = (index: number): number => bytes.value[index] ?? 0
  return ok(
    Array.from({ length: entries }, (_, index) => ({
      signal: at(index * DISPOSITION_BYTES),
      change: at(index * DISPOSITION_BYTES + 1) === 0 ? 'default' : 'ignore',
    })),
  )
}

interface Named {
  readonly program: string
  readonly search: string | undefined
}

/** The program, and where it is looked for when its name has no slash. */
function namedAt(
  call: CallContext,
  name: readonly [pointer: number, length: number],
  searches: number,
  path: readonly [pointer: number, length: number],
): Result<Named> {
  const program = pathOf(call, ...name)
  if (!program.ok) return program
  if (searches === 0) return ok({ program: program.value, search: undefined })
  const search = pathOf(call, ...path)
  if (!search.ok) return search
  return ok({ program: program.value, search: search.value || DEFAULT_SEARCH })
}

/** Without one, the caller's own. */
function variablesAt(
  read: ReadTexts,
  call: CallContext,
  pointer: number,
  count: number,
): Result<readonly string[] | undefined> {
  return pointer === 0 ? ok(undefined) : read(call, pointer, count)
}

const charge = (call: CallContext, texts: readonly string[] | undefined): void =>
  chargeBytes(call, texts?.reduce((sum, one) => sum + one.length, 0) ?? 0)

function spawnWith(read: ReadTexts, call: CallContext, numbers: readonly number[]): Step {
  const at = (index: number): number => numbers[index] ?? 0
  const named = namedAt(call, [at(0), at(1)], at(10), [at(11), at(12)])
  if (!named.ok) return named.errno
  const args = read(call, at(2), at(3))
  if (!args.ok) return args.errno
  const environment = variablesAt(read, call, at(4), at(5))
  if (!environment.ok) return environment.errno
  const files = fileActionsOf(call, at(6), at(7))
  if (!files.ok) return files.errno
  const signals = changesOf(call, at(8), at(9))
  if (!signals.ok) return signals.errno
  charge(call, args.value)
  charge(call, environment.value)
  const request = {
    group: undefined,
    session: false,
    ...named.value,
    args: args.value,
    environment: environment.value,
    files: files.value,
    signals: signals.value,
  }
  return spawnChild(call, request, at(13))
}

/** An argument with a newline cannot be said. @source the guests' reference, 6.1 */
export const procSpawn2 = (call: CallContext, ...numbers: readonly number[]): Step =>
  spawnWith(lines, call, numbers)

/** @source the guests' reference, 6.1 */
export const procSpawn3 = (call: CallContext, ...numbers: readonly number[]): Step =>
  spawnWith(list, call, numbers)

/** @source execve(2) */
export function procExec4(
  call: CallContext,
  name: number,
  nameLength: number,
  args: number,
  argCount: number,
  variables: number,
  variableCount: number,
  searches: number,
  path: number,
  pathLength: number,
): Step {
  const named = namedAt(call, [name, nameLength], searches, [path, pathLength])
  if (!named.ok) return named.errno
  const argv = list(call, args, argCount)
  if (!argv.ok) return argv.errno
  const environment = variablesAt(list, call, variables, variableCount)
  if (!environment.ok) return environment.errno
  charge(call, argv.value)
  charge(call, environment.value)
  return execProgram(call, {
    ...named.value,
    args: argv.value,
    environment: environment.value,
  })
}
