import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Step } from '../../../src/abi/preview1/call.ts'
import type { Row } from '../../../src/abi/preview1/row.ts'
import { PREVIEW1 } from '../../../src/abi/preview1/table.ts'
import { SNAPSHOT0 } from '../../../src/abi/snapshot0/table.ts'
import { BindFileSystem } from '../../../src/kernel/mount/fs/bind.ts'
import { MountNamespace } from '../../../src/kernel/mount/mount-namespace.ts'
import type { Personality } from '../../../src/kernel/mount/place.ts'
import { NodeHostDirectory } from '../../../src/thread/host-directory.ts'
import { CALLS, type CallName, callable, plainOf, TEXT_ADDRESSES } from '../../support/calls.ts'
import { must } from '../../support/errno.ts'

const SECRET = 'nobody inside reads or writes this'
let host = ''
beforeAll(() => {
  host = mkdtempSync(join(tmpdir(), 'bulkhead-outside-'))
  mkdirSync(join(host, 'inside'))
  mkdirSync(join(host, 'outside'))
  writeFileSync(join(host, 'outside', 'secret'), SECRET)
  symlinkSync('../outside/secret', join(host, 'inside', 'out'))
  symlinkSync(join(host, 'outside'), join(host, 'inside', 'absolute'))
})
afterAll(() => rmSync(host, { recursive: true }))

/** A container with a directory of this host at /bind, in which links lead out. */
function attacked(personality: Personality) {
  const process = callable(personality)
  const { mounts } = process.call.process.walker
  if (!(mounts instanceof MountNamespace)) throw new Error('not a namespace')
  const bind = new BindFileSystem(new NodeHostDirectory(join(host, 'inside')), 9)
  must(mounts.mount('/bind', bind, { readOnly: false }))
  return process
}

const EDGES = [0, -1, 1, 2 ** 31 - 1, -(2 ** 31), 0xffff, 4_095, 4_096, 65_536]
/** An i32: often something that means something, often an edge, sometimes anything. */
const i32 = fc.oneof(
  { weight: 4, arbitrary: fc.nat(8) },
  { weight: 3, arbitrary: fc.constantFrom(...TEXT_ADDRESSES, 200, 304, 1_000, 2_000) },
  { weight: 2, arbitrary: fc.nat(64) },
  { weight: 1, arbitrary: fc.constantFrom(...EDGES) },
  { weight: 1, arbitrary: fc.integer() },
)
const i64 = fc.oneof(
  fc.bigInt({ min: 0n, max: 100n }),
  fc.constantFrom(-1n, 2n ** 53n, 2n ** 53n + 1n, 2n ** 62n, 2n ** 63n - 1n, -(2n ** 63n)),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
)
// Ends the process, which then makes no more calls.
const NAMES = (Object.keys(CALLS) as CallName[]).filter((name) => name !== 'proc_exit')

/** A call with numbers of its import's types; now and then with one argument off only. */
const call = fc.constantFrom(...NAMES).chain((name) => {
  const plain = CALLS[name].map(plainOf)
  const any = plain.map((argument) => (typeof argument === 'bigint' ? i64 : i32))
  const near = plain.map((argument, index) =>
    fc.oneof({ weight: 3, arbitrary: fc.constant(argument) }, any[index] ?? i32),
  )
  return fc.record({
    name: fc.constant(name),
    old: fc.boolean(),
    args: fc.oneof(fc.tuple(...any), fc.tuple(...near)),
  })
})

/** The errno in the end; a wait is taken up again, as when something woke it. */
function settled(step: Step): number | 'waits' {
  let now = step
  for (let turn = 0; turn < 5_000; turn += 1) {
    if (typeof now === 'number') return now
    if (!now.changed() && now.deadline === Number.POSITIVE_INFINITY) return 'waits'
    now = now.resume()
  }
  return 'waits'
}

it.each<Personality>(['container', 'strict'])(
  'in %s no numbers make a call throw, hang or reach outside',
  (personality) => {
    fc.assert(
      fc.property(fc.array(call, { minLength: 20, maxLength: 60 }), (calls) => {
        const process = attacked(personality)
        for (const { name, old, args } of calls) {
          const row: Row | undefined = old ? SNAPSHOT0[name] : PREVIEW1[name]
          const errno = settled(
            (row ?? PREVIEW1.fd_close).handler(process.call, ...(args as never[])),
          )
          if (errno !== 'waits')
            expect(Number.isInteger(errno) && errno >= 0 && errno <= 76).toBe(true)
        }
        expect(process.exit()).toBeUndefined()
        process.call.process.fds.closeAll()
        expect(process.call.process.ledger.used('fds')).toBe(0)
      }),
      { numRuns: 300 },
    )
    expect(readdirSync(join(host, 'outside'))).toEqual(['secret'])
    expect(readFileSync(join(host, 'outside', 'secret'), 'utf8')).toBe(SECRET)
    expect(readdirSync(host).toSorted()).toEqual(['inside', 'outside'])
  },
)
