import { describe, expect, it } from 'vitest'
import { numberOf } from '../../../src/abi/call-numbers.ts'
import { LinearMemory } from '../../../src/abi/guest-memory.ts'
import { PREVIEW1 } from '../../../src/abi/preview1/table.ts'
import { Errno } from '../../../src/contract/errno.ts'
import type { Blocked } from '../../../src/contract/result.ts'
import { SIGNAL } from '../../../src/contract/signals.ts'
import type { ByteSource } from '../../../src/contract/streams.ts'
import { CpuController } from '../../../src/kernel/cgroup/cpu.ts'
import { Ledger } from '../../../src/kernel/cgroup/ledger.ts'
import { MemoryController } from '../../../src/kernel/cgroup/memory.ts'
import { PidsController } from '../../../src/kernel/cgroup/pids.ts'
import { OpenFile } from '../../../src/kernel/mount/open-file.ts'
import { Process } from '../../../src/kernel/process/process.ts'
import { inputHandle } from '../../../src/kernel/process/stream-handle.ts'
import type { ContainerCgroup } from '../../../src/thread/container-cgroup.ts'
import type { GuestThread } from '../../../src/thread/guest-thread.ts'
import { HostBlock } from '../../../src/thread/host-block.ts'
import { REQUEST } from '../../../src/thread/kernel-requests.ts'
import {
  createMailbox,
  MailboxClient,
  MailboxServer,
  markDead,
} from '../../../src/thread/mailbox.ts'
import { Member } from '../../../src/thread/member.ts'
import { MemberThread } from '../../../src/thread/member-thread.ts'
import { RemoteKernel } from '../../../src/thread/remote-kernel.ts'
import {
  type Argument,
  CALLS,
  type CallName,
  callable,
  plainOf,
  stateOf,
} from '../../support/calls.ts'
import { must } from '../../support/errno.ts'

class Ended extends Error {}

/** A process and its kernel on one thread: whenever the one parks, the other has its turn. */
function connected({ stdin, memory: limit }: { stdin?: ByteSource; memory?: number } = {}) {
  const subject = callable()
  const { process } = subject.call
  const silent: ByteSource = { read: () => undefined, available: () => 0 }
  const input = stdin ?? silent
  const { ledger } = process
  process.fds.close(0)
  must(
    process.fds.add(
      new OpenFile({
        type: 'unknown',
        access: { read: true, write: false },
        handle: inputHandle(input),
        place: undefined,
        ledger,
      }),
    ),
  )
  if (limit !== undefined) ledger.setLimit('memory', limit)
  const paid: number[] = []
  const cpu = new CpuController({ quotaUs: 1_000, periodUs: 10_000 }, performance.now() * 1_000)
  const group = {
    ledger,
    memory: new MemoryController(ledger, 'term'),
    pids: new PidsController(ledger),
    cpu: {
      spend: (us: number, now: number) => {
        paid.push(us)
        return cpu.spend(us, now)
      },
    },
  } as unknown as ContainerCgroup // what a member uses of it
  const host = HostBlock.create(1)
  const mailbox = createMailbox()
  const server = new MailboxServer(mailbox, host.control(1).bell)
  const client = new MailboxClient(mailbox, host.control(0))
  const quiet = (): void => {}
  const handled: number[] = []
  const handle = (signal: number): void => void handled.push(signal)
  const signals = { handle, end: quiet, stop: quiet, resume: quiet }
  const own = new MemberThread(() => {}, { signals, cpuMs: () => 0 })
  const member = new Member({
    process: new Process({ ...process, thread: own }),
    thread: own,
    server,
    group,
  })
  const log = { parks: 0, charged: 0 }
  const thread = {
    ledger: new Ledger(),
    fuel: { spent: false },
    charge: (units: number) => {
      log.charged += units
    },
    park: () => {
      log.parks += 1
      member.serve()
    },
    wait: (step: Blocked) => {
      thread.park(step)
      return false
    },
    die: (reason: string) => {
      throw new Ended(reason)
    },
    crash: (error: Error) => {
      throw error
    },
  } as unknown as GuestThread // what a remote kernel uses of it
  const kernel = new RemoteKernel(client)
  const call = (
    name: CallName,
    args: readonly (number | bigint)[],
    memory = subject.call.memory,
  ) => {
    const row = PREVIEW1[name]
    if (row.where === 'caller') throw new Error(`${name} needs no kernel`)
    const number = numberOf(row)
    if (number === undefined) throw new Error(`${name} has no number`)
    return kernel.call(thread, { number, reach: row.reach }, args, memory)
  }
  return { subject, kernel, thread, member, client, mailbox, ledger, log, paid, handled, call }
}

/** A memory of its own, larger than that of the other tests. */
function largeMemory(bytes: number) {
  const owner = { buffer: new ArrayBuffer(bytes) }
  const memory = new LinearMemory()
  memory.attach(owner)
  return { memory, bytes: new Uint8Array(owner.buffer), view: new DataView(owner.buffer) }
}

const NAMES = (Object.keys(CALLS) as CallName[]).filter((name) => PREVIEW1[name].where === 'kernel') // the keys of the table are its names

describe('a call through the mailbox', () => {
  it.each(NAMES)('does what it does without: %s', (name) => {
    const args = CALLS[name].map((argument: Argument) => plainOf(argument))
    const local = callable()
    const { handler } = PREVIEW1[name]
    const expected = handler(local.call, ...(args as never[]))
    const { subject, call, log } = connected()
    expect(call(name, args)).toBe(expected)
    expect(subject.bytes).toEqual(local.bytes)
    expect(stateOf(subject)).toEqual({
      ...stateOf(local),
      held: subject.call.process.ledger.held(),
    })
    expect(log.charged).toBe(local.charged())
  })
  it('moves a megabyte at once, in as many pieces as it takes', () => {
    const { call, log, thread } = connected()
    const { memory, bytes, view } = largeMemory(2 ** 22)
    const [list, used, from, to] = [8, 4, 2 ** 20, 2 ** 21 + 5]
    const size = 2 ** 20
    for (let at = 0; at < size; at += 1) bytes[from + at] = (at * 31) ^ (at >>> 8)
    const buffers = (at: number): void => {
      view.setUint32(list, at, true)
      view.setUint32(list + 4, 700_001, true)
      view.setUint32(list + 8, at + 700_001, true)
      view.setUint32(list + 12, size - 700_001, true)
    }
    buffers(from)
    expect(call('fd_pwrite', [4, list, 2, 0n, used], memory)).toBe(Errno.SUCCESS)
    expect(view.getUint32(used, true)).toBe(size)
    buffers(to)
    expect(call('fd_pread', [4, list, 2, 0n, used], memory)).toBe(Errno.SUCCESS)
    expect(view.getUint32(used, true)).toBe(size)
    expect(Buffer.from(bytes.buffer, to, size).equals(Buffer.from(bytes.buffer, from, size))).toBe(
      true,
    )
    expect(log.parks).toBeGreaterThan(2 * 7)
    expect(thread.ledger.io.usage.bytes).toEqual({ read: size, write: size })
  })
})

describe('a signal that came for a handler that is gone', () => {
  it('is its kernel’s again, and nothing else is one', () => {
    const { kernel, member, thread, handled } = connected()
    for (const signal of [SIGNAL.USR1, SIGNAL.CHLD]) {
      must(member.process.signals.set(signal, signal === SIGNAL.USR1 ? 'restart' : 'ignore'))
    }
    for (const signal of [0, SIGNAL.CHLD, 2 ** 40, SIGNAL.USR1]) kernel.unhandled(thread, signal)
    expect(handled).toEqual([SIGNAL.USR1])
  })
})

describe('a call that waits', () => {
  it('is asked again, on what it was sent first', () => {
    const pieces = [undefined, undefined, 3]
    let available = 0
    const stdin: ByteSource = {
      available: () => available,
      read: (into) => {
        const count = pieces.shift()
        available += 1
        if (count !== undefined) into.fill(0x61, 0, count)
        return count
      },
    }
    const { call, subject } = connected({ stdin })
    expect(call('fd_read', [0, 200, 1, 1_000])).toBe(Errno.SUCCESS)
    expect(Buffer.from(subject.bytes.subarray(2_000, 2_004)).toString()).toBe('aaa?')
    expect(subject.view.getUint32(1_000, true)).toBe(3)
  })
  it('goes on after a handler that has made calls in the middle of it', () => {
    let there = 0
    const stdin: ByteSource = {
      available: () => there,
      read: (into) => (there === 0 ? undefined : into.fill(0x62, 0, 1).subarray(0, 1).length),
    }
    const { call, subject, thread } = connected({ stdin })
    const inner: unknown[] = []
    Object.assign(thread, {
      wait: (step: Blocked) => {
        thread.park(step)
        inner.push(call('fd_filestat_get', [3, 3_000]), call('fd_seek', [3, 0n, 0, 3_200]))
        there = 1
        return false
      },
    })
    expect(call('fd_read', [0, 200, 1, 1_000])).toBe(Errno.SUCCESS)
    expect(inner).toEqual([Errno.SUCCESS, Errno.BADF])
    expect(subject.view.getUint32(1_000, true)).toBe(1)
  })
  it('is told of by EVENT once, when its kernel sees that it need not wait', () => {
    let there = 0
    const stdin: ByteSource = {
      available: () => there,
      read: (into) => (there === 0 ? undefined : into.fill(0x62, 0, 1).subarray(0, 1).length),
    }
    const { member, client, thread, call } = connected({ stdin })
    const events: number[] = []
    const { park } = thread
    Object.assign(thread, {
      park: (step: { changed(): boolean }) => {
        park.call(thread, { ...step, deadline: 0 })
        member.stir()
        events.push(client.event)
        there = 1
      },
    })
    expect(call('fd_read', [0, 200, 1, 1_000])).toBe(Errno.SUCCESS)
    expect(events).toEqual([0, 1, 1])
  })
})

describe('what is asked besides calls', () => {
  it('is memory, held by one account and given back at the end', () => {
    const { kernel, thread, member, ledger } = connected({ memory: 100_000 })
    const before = ledger.held()
    expect(kernel.grow(thread, 65_536)).toBe('granted')
    expect(kernel.reserve(thread, 10_000)).toBe(true)
    expect(kernel.reserve(thread, 30_000)).toBe(false)
    expect(kernel.grow(thread, 65_536)).toBe('kill')
    expect(ledger.used('memory')).toBe(before.memory + 75_536)
    member.close()
    expect(ledger.held()).toEqual(before)
  })
  it('is CPU time, from the container’s one bucket', () => {
    const { kernel, thread, paid } = connected()
    expect(kernel.spend(thread, 400, 0)).toBeUndefined()
    expect(kernel.spend(thread, 5_000, 0)).toBeGreaterThan(performance.now() * 1_000)
    expect(paid).toEqual([400, 5_000])
  })
})

describe('a request', () => {
  it('has fourteen small arguments, and as many as eight large ones among them', () => {
    const host = HostBlock.create(1)
    const memory = createMailbox()
    const client = new MailboxClient(memory, host.control(0))
    const server = new MailboxServer(memory, host.control(1).bell)
    const data = new Uint8Array()
    for (const args of [
      Array.from({ length: 14 }, (_, at) => at - 7),
      [1, 2, 3n, 4, 5, 6, 7, 8, -9, -(2n ** 63n), -10, 2 ** 31 - 1, -(2 ** 31)],
    ]) {
      client.ask({ op: 20, args, data })
      expect(server.take()).toEqual({ op: 20, args, data })
      server.answer({ result: 0, numbers: [], data })
    }
    const many = Array.from({ length: 17 }, (_, at) => at)
    expect(() => client.ask({ op: 20, args: many, data })).toThrow('too many arguments')
  })
  it('tells the kernel that there is a handler, and that there is none', () => {
    const { kernel, thread, member } = connected()
    kernel.handler(thread, true)
    expect(member.process.signals.action(15)).toBe('handle')
    kernel.handler(thread, false)
    expect(member.process.signals.action(15)).toBe('default')
  })
})

describe('a kernel that is gone', () => {
  it('ends the process that asks it: its thread died', () => {
    const { mailbox, thread, call } = connected()
    Object.assign(thread, { park: () => markDead(mailbox) })
    expect(() => call('fd_close', [4])).toThrow(Ended)
  })
  it('ends the process that asks it: its container ended', () => {
    const { member, thread, call } = connected()
    Object.assign(thread, { park: () => member.close() })
    expect(() => call('fd_close', [4])).toThrow(Ended)
  })
})

describe('a request that no process of ours sends', () => {
  const EMPTY = new Uint8Array()
  const CLOSE = REQUEST.call + (numberOf(PREVIEW1.fd_write) ?? 0)
  it.each([
    ['an unknown call', { op: 5_000, args: [], data: EMPTY }],
    ['a negative number', { op: -7, args: [], data: EMPTY }],
    ['a call without a window', { op: CLOSE, args: [1, 0, 0, 0], data: EMPTY }],
    ['a call on numbers of other types', { op: CLOSE, args: [1n, 2n], data: EMPTY }],
    ['a call that is made by its caller', { op: REQUEST.call, args: [], data: EMPTY }],
    ['a wait that there is not', { op: REQUEST.resume, args: [], data: EMPTY }],
    ['less memory than nothing', { op: REQUEST.grow, args: [-5n], data: EMPTY }],
    ['as little of another kind', { op: REQUEST.reserve, args: [-5n], data: EMPTY }],
    ['CPU time to get back', { op: REQUEST.spend, args: [-5n, 0n], data: EMPTY }],
  ])('is answered, and changes nothing: %s', (_, request) => {
    const { client, member, ledger, paid, subject, call } = connected()
    const before = { held: ledger.held(), state: stateOf(subject) }
    client.ask(request)
    member.serve()
    expect(client.answered).toBe(true)
    expect(client.answer().result).toBe(-2)
    expect({ held: ledger.held(), state: stateOf(subject) }).toEqual(before)
    expect(paid).toEqual([])
    expect(call('fd_tell', [4, 1_000])).toBe(Errno.SUCCESS)
  })
  it('is not kept without bound', () => {
    const { client, member } = connected()
    const data = new Uint8Array(65_536)
    const results = Array.from({ length: 70 }, () => {
      client.ask({ op: REQUEST.part, args: [], data })
      member.serve()
      return client.answer().result
    })
    expect(results.filter((result) => result === 0)).toHaveLength(64)
  })
})
