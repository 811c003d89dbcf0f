import type { Case } from '../compare.ts'
import { u32 } from '../encoding.ts'
import type { Call, Host } from '../subject.ts'
import type { Choices } from './choices.ts'
import { FunctionWriter } from './function-writer.ts'
import { type Callable, chooseShape, refreshed, type Shape } from './shape.ts'
import { SMALL, smallCode } from './small-function.ts'
import { argument } from './values.ts'

/** How often the host calls the guest back, all in all. */
const RETURNS = 3

/** The guest's `back` is called from within one of its own calls. */
const host: Host = (instance, log) => {
  let returns = 0
  return {
    env: {
      note: (value: number) => log(`note ${value}`),
      mix: (a: number, b: bigint) => {
        log(`mix ${a} ${b}`)
        return BigInt.asIntN(64, b * 31n + BigInt(a))
      },
      again: (value: number) => {
        log(`again ${value}`)
        // Takes nothing, where there is one.
        const back = instance()?.exports['back'] as (() => unknown) | undefined
        returns += 1
        if (back === undefined || returns > RETURNS) return -1
        back()
        return value
      },
    },
  }
}

/** (func (export name)): refreshes the budget, and calls a function with constants. */
function entrance(shape: Shape, callable: Callable): number {
  const { builder } = shape
  const given = callable.params.flatMap((_, index) => [0x20, ...u32(index)])
  const code = [...refreshed(shape), ...given, 0x10, ...u32(callable.index)]
  return builder.function({ type: callable.type, locals: [], code })
}

/** A valid module that comes to an end, and calls of what it exports. */
export function randomModule(choices: Choices): Case {
  const shape = chooseShape(choices)
  const { builder, functions, imported, table } = shape
  const own = functions.slice(imported)
  for (const callable of own) new FunctionWriter(choices, shape, callable).write()
  for (const { index, type } of shape.small) {
    const below = shape.small.filter((one) => one.index < index)
    const code = smallCode(
      choices,
      below.map((one) => one.index),
    )
    builder.function({ type, locals: SMALL.locals, code })
  }
  const calls: Call[] = []
  const call = (name: string, { params }: Callable, entry?: number): void => {
    const args = params.map((type) => argument(choices, type))
    calls.push(entry === undefined ? { name, args } : { name, entry, args })
  }
  for (const callable of own) {
    const [outer, inner] = [`run ${callable.index}`, `function ${callable.index}`]
    builder.export(outer, 'function', entrance(shape, callable))
    call(outer, callable)
    if (!choices.chance(40)) continue
    // Without a wrapper, and on what is left of the budget.
    builder.export(inner, 'function', callable.index)
    call(inner, callable)
  }
  const [first] = own
  if (first !== undefined && first.params.length === 0) {
    builder.export('back', 'function', first.index)
    if (first.results.length === 0 && choices.chance(30)) builder.start = first.index
  }
  if (table.exported) {
    for (const [index, callable] of table.entries.entries()) call('table', callable, index + 1)
  }
  return { bytes: builder.build(), host, calls }
}
