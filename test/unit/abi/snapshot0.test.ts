import { expect, it } from 'vitest'
import { SNAPSHOT0 } from '../../../src/abi/snapshot0/table.ts'
import { callable } from '../../support/calls.ts'

function run(process: ReturnType<typeof callable>, name: string, ...args: (number | bigint)[]) {
  return SNAPSHOT0[name]?.handler(process.call, ...(args as never[]))
}

it.each([
  ['from here', 0, 2n, 3n],
  ['from the end', 1, -1n, 4n],
  ['from the start', 2, 3n, 3n],
] as const)('counts whence in its own order: %s is %i', (_, whence, offset, position) => {
  const process = callable()
  run(process, 'fd_seek', 4, 1n, 2, 1_000)
  expect(run(process, 'fd_seek', 4, offset, whence, 1_000)).toBe(0)
  expect(process.view.getBigUint64(1_000, true)).toBe(position)
  expect(run(process, 'fd_seek', 4, 0n, 3, 1_000)).toBe(28)
})

it.each([
  ['fd_filestat_get', [4, 1_000]],
  ['path_filestat_get', [3, 1, 0, 8, 1_000]],
] as const)(
  '%s writes 56 bytes: links at 20 in 32 bits, size at 24, times behind',
  (name, args) => {
    const process = callable()
    const { view, bytes, call } = process
    const file = call.process.fds.get(4)
    if (file.ok) file.value.place?.vnode.setTimes({ accessed: 7n, modified: 8n })
    expect(run(process, name, ...args)).toBe(0)
    expect(view.getBigUint64(1_000, true)).toBe(1n)
    expect(bytes[1_016]).toBe(4)
    expect(view.getUint32(1_020, true)).toBe(1)
    expect(view.getBigUint64(1_024, true)).toBe(5n)
    expect([view.getBigUint64(1_032, true), view.getBigUint64(1_040, true)]).toEqual([7n, 8n])
    // Padding is zeroed, and nothing behind the 56 bytes is touched.
    expect([...bytes.subarray(1_017, 1_020)]).toEqual([0, 0, 0])
    expect(bytes[1_056]).toBe(0x3f)
  },
)
