import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { numberOf } from '../../../src/abi/call-numbers.ts'
import { LinearMemory } from '../../../src/abi/guest-memory.ts'
import type { Step } from '../../../src/abi/preview1/call.ts'
import { PREVIEW1 } from '../../../src/abi/preview1/table.ts'
import { Errno } from '../../../src/contract/errno.ts'
import type { Blocked } from '../../../src/contract/result.ts'
import type { StandardStreams } from '../../../src/contract/streams.ts'
import { Ledger } from '../../../src/kernel/cgroup/ledger.ts'
import { PLAIN_DEVICES } from '../../../src/kernel/mount/fs/dev.ts'
import { OpenFile } from '../../../src/kernel/mount/open-file.ts'
import type { FileHandle } from '../../../src/kernel/mount/vnode.ts'
import { makePipe } from '../../../src/kernel/process/pipe.ts'
import { Process } from '../../../src/kernel/process/process.ts'
import { inputHandle, outputHandle } from '../../../src/kernel/process/stream-handle.ts'
import { Borrower } from '../../../src/thread/borrower.ts'
import { createRing, RingReader, RingWriter } from '../../../src/thread/byte-ring.ts'
import type { ContainerCgroup } from '../../../src/thread/container-cgroup.ts'
import { HostBlock } from '../../../src/thread/host-block.ts'
import { REQUEST } from '../../../src/thread/kernel-requests.ts'
import { Lender } from '../../../src/thread/lender.ts'
import { createMailbox, MailboxClient, MailboxServer } from '../../../src/thread/mailbox.ts'
import { Member } from '../../../src/thread/member.ts'
import { MemberThread } from '../../../src/thread/member-thread.ts'
import { PipeArena } from '../../../src/thread/pipe-arena.ts'
import { PipeRing } from '../../../src/thread/pipe-ring.ts'
import { RemoteKernel } from '../../../src/thread/remote-kernel.ts'
import { remoteCallOf } from '../../../src/thread/secondary-calls.ts'
import type { SecondaryThread } from '../../../src/thread/secondary-thread.ts'
import { must } from '../../support/errno.ts'
import { processOf } from '../../support/process.ts'

type Name =
  | 'fd_read'
  | 'fd_write'
  | 'fd_close'
  | 'fd_renumber'
  | 'fd_fdstat_set_flags'
  | 'poll_oneoff'
const READER = 4
const WRITER = 5
const CAPACITY = 262_144
const LIST = 16
const USED = 8
const BUFFERS = 4_096
const MEMORY = BUFFERS + 2 ** 19
const NONBLOCK = 4

function memoryOf() {
  const buffer = new ArrayBuffer(MEMORY)
  const memory = new LinearMemory()
  memory.attach({ buffer })
  return { memory, bytes: new Uint8Array(buffer), view: new DataView(buffer) }
}

/** A process with both ends of a pipe at 4 and 5, on its kernel's thread. */
function atKernel() {
  const subject = processOf([])
  const { process } = subject.call
  const pipe = must(makePipe(process.ledger, { nonblock: false }))
  must(process.fds.add(pipe.reader))
  must(process.fds.add(pipe.writer))
  const { memory, ...rest } = memoryOf()
  const call = (name: Name, args: readonly number[]): Step =>
    PREVIEW1[name].handler({ ...subject.call, memory }, ...(args as never[]))
  return { ...rest, call, charged: () => subject.charged() }
}

/** The inner ends of a seat's rings, as its kernel or its own thread makes them. */
const endsOf = (rings: Readonly<Record<keyof StandardStreams, SharedArrayBuffer>>) => ({
  stdin: new RingReader(rings.stdin, () => {}),
  stdout: new RingWriter(rings.stdout, () => {}),
  stderr: new RingWriter(rings.stderr, () => {}),
})

/** And on a thread of its own; whenever it parks, its kernel has its turn. */
function besideKernel({ lends = true } = {}) {
  const subject = processOf([])
  const host = HostBlock.create(1)
  const bellOf = (slot: number) => host.control(slot).bell
  const arena = new PipeArena({ slot: 0, bellOf })
  const mailbox = createMailbox()
  const quiet = (): void => {}
  const signals = { handle: quiet, end: quiet, stop: quiet, resume: quiet }
  const own = new MemberThread(() => {}, { signals, cpuMs: () => 0 })
  const process = new Process({ ...subject.call.process, thread: own })
  const pipe = must(makePipe(process.ledger, { nonblock: false }, arena))
  must(process.fds.add(pipe.reader))
  must(process.fds.add(pipe.writer))
  const group = { ledger: process.ledger } as unknown as ContainerCgroup // what a member uses of it here
  const server = new MailboxServer(mailbox, bellOf(1))
  const rings = { stdin: createRing(1_024), stdout: createRing(1_024), stderr: createRing(1_024) }
  const inner = endsOf(rings)
  const lender = lends ? new Lender(process.fds, 1, inner) : undefined
  const member = new Member({ process, thread: own, server, group, lender })
  const place = { memory: arena.memory, capacity: CAPACITY }
  const pipeOf = (index: number) => new PipeRing({ ...place, index }, bellOf)
  const borrower = new Borrower({ pipeOf, streams: endsOf(rings) })
  const log = { parks: 0, charged: 0 }
  const client = new MailboxClient(mailbox, host.control(0))
  const kernel = new RemoteKernel(client, borrower)
  const park = (_: Pick<Blocked, 'changed' | 'deadline'>): boolean => {
    log.parks += 1
    member.serve()
    return false
  }
  const charge = (units: number): void => {
    log.charged += units
  }
  const ledger = new Ledger()
  const ends = { die: () => expect.unreachable(), crash: () => expect.unreachable() }
  const parts = { kernel, borrower, ledger, park, wait: park, charge, ...ends }
  const thread = parts as unknown as SecondaryThread // what those who make its calls use of it
  const { memory, ...rest } = memoryOf()
  const made = remoteCallOf(thread, memory)
  const call = (name: Name, args: readonly number[]): Step => made(PREVIEW1[name], args)
  return {
    ...rest,
    ...pipe,
    arena,
    call,
    charged: () => log.charged,
    client,
    inner,
    log,
    member,
    rings,
    process,
  }
}
type Side = Pick<ReturnType<typeof besideKernel>, 'bytes' | 'view' | 'call'>

/** Puts a list of buffers, one behind the other, and what they hold into memory. */
function prepare({ bytes, view }: Side, lengths: readonly number[], seed: number): void {
  let at = BUFFERS
  for (const [index, length] of lengths.entries()) {
    view.setUint32(LIST + index * 8, at, true)
    view.setUint32(LIST + index * 8 + 4, length, true)
    for (let byte = at; byte < Math.min(at + length, MEMORY); byte += 1) bytes[byte] = byte * seed
    at += length
  }
}

const transfer = (name: 'fd_read' | 'fd_write') =>
  fc.record({
    name: fc.constant(name),
    fd: fc.oneof(
      { weight: 12, arbitrary: fc.constant(name === 'fd_read' ? READER : WRITER) },
      fc.constantFrom(READER, WRITER, 3, 9, -1),
    ),
    lengths: fc.array(fc.oneof(fc.nat(5_000), fc.constantFrom(0, 4_096, 4_097, 140_000, 2 ** 31)), {
      maxLength: 4,
    }),
    list: fc.oneof({ weight: 12, arbitrary: fc.constant(LIST) }, fc.constantFrom(-4, MEMORY - 4)),
    used: fc.oneof({ weight: 12, arbitrary: fc.constant(USED) }, fc.constantFrom(-1, MEMORY - 3)),
    seed: fc.integer({ min: 1, max: 255 }),
  })
const other = fc.oneof(
  fc.constantFrom(
    { name: 'fd_fdstat_set_flags', args: [READER, NONBLOCK] },
    { name: 'fd_fdstat_set_flags', args: [WRITER, NONBLOCK] },
    { name: 'fd_fdstat_set_flags', args: [READER, 0] },
    { name: 'fd_fdstat_set_flags', args: [WRITER, 0] },
    { name: 'fd_renumber', args: [READER, READER] },
    { name: 'fd_close', args: [9] },
  ),
  fc.constantFrom({ name: 'fd_close', args: [READER] }, { name: 'fd_close', args: [WRITER] }),
)
type Operation =
  | { readonly name: Name; readonly args: readonly number[] }
  | (ReturnType<typeof transfer> extends fc.Arbitrary<infer T> ? T : never)

function does(side: Side, operation: Operation): Step {
  if ('args' in operation) return side.call(operation.name, operation.args)
  prepare(side, operation.lengths, operation.seed)
  const { fd, lengths, list, name, used } = operation
  return side.call(name, [fd, list, lengths.length, used])
}
const shown = (step: Step): number | 'waits' => (typeof step === 'number' ? step : 'waits')

describe('the end of a pipe that a process alone holds', () => {
  it('is read and written by it as its kernel would: errnos, bytes, fuel', () => {
    const operation = fc.oneof(
      { weight: 8, arbitrary: transfer('fd_read') },
      { weight: 8, arbitrary: transfer('fd_write') },
      { weight: 1, arbitrary: other as fc.Arbitrary<Operation> }, // rows of it
    )
    fc.assert(
      fc.property(fc.array(operation, { minLength: 1, maxLength: 40 }), (operations) => {
        const [here, there] = [atKernel(), besideKernel()]
        for (const one of operations) {
          expect(shown(does(there, one))).toBe(shown(does(here, one)))
          expect(Buffer.compare(there.bytes, here.bytes)).toBe(0)
        }
        expect(there.charged()).toBe(here.charged())
      }),
      { numRuns: 150 },
    )
  })

  const write = (side: Side, text: string): Step => {
    side.bytes.set(Buffer.from(text), BUFFERS)
    side.view.setUint32(LIST, BUFFERS, true)
    side.view.setUint32(LIST + 4, text.length, true)
    return side.call('fd_write', [WRITER, LIST, 1, USED])
  }
  const read = (side: Side): string | number => {
    side.view.setUint32(LIST, BUFFERS, true)
    side.view.setUint32(LIST + 4, 100, true)
    const step = side.call('fd_read', [READER, LIST, 1, USED])
    if (typeof step !== 'number' || step !== Errno.SUCCESS) return -1
    const end = BUFFERS + side.view.getUint32(USED, true)
    return Buffer.from(side.bytes.subarray(BUFFERS, end)).toString()
  }

  it('is asked for once, and then the kernel is not asked any more', () => {
    const side = besideKernel()
    expect([write(side, 'one'), read(side)]).toEqual([Errno.SUCCESS, 'one'])
    const { parks } = side.log
    expect(parks).toBeGreaterThan(0)
    for (let turn = 0; turn < 10; turn += 1) {
      expect([write(side, `${turn}`), read(side)]).toEqual([Errno.SUCCESS, `${turn}`])
    }
    expect(side.log.parks).toBe(parks)
  })
  it('is the kernel’s again before a call that may give it away, and lent anew after that', () => {
    const side = besideKernel()
    write(side, 'one')
    expect(side.writer.lent).toBe(true)
    expect(side.call('fd_renumber', [WRITER, WRITER])).toBe(Errno.SUCCESS)
    expect(side.writer.lent).toBe(false)
    const { parks } = side.log
    write(side, ' two')
    expect([side.writer.lent, side.log.parks]).toEqual([true, parks + 1])
    expect(read(side)).toBe('one two')
  })
  it('is not lent while another descriptor leads to it', () => {
    const side = besideKernel()
    must(side.process.fds.add(side.writer.retain()))
    write(side, 'one')
    expect(side.writer.lent).toBe(false)
    expect(side.call('fd_close', [6])).toBe(Errno.SUCCESS)
    write(side, ' two')
    expect(side.writer.lent).toBe(true)
  })
  it('stays where it is while its process polls, which sees it move', () => {
    const side = besideKernel()
    write(side, 'x')
    expect(read(side)).toBe('x')
    side.view.setUint8(1_024 + 8, 1)
    side.view.setUint32(1_024 + 16, READER, true)
    write(side, 'y')
    expect(side.call('poll_oneoff', [1_024, 2_048, 1, USED])).toBe(Errno.SUCCESS)
    expect([side.reader.lent, side.view.getUint16(2_048 + 8, true)]).toEqual([true, 0])
  })
  it('answers what was taken when it is given back in the middle of a write', () => {
    const side = besideKernel()
    prepare(side, [300_000], 7)
    const step = side.call('fd_write', [WRITER, LIST, 1, USED])
    if (typeof step === 'number') return expect.unreachable()
    // As by the handler of a signal, which runs in the wait.
    expect(side.call('fd_renumber', [WRITER, WRITER])).toBe(Errno.SUCCESS)
    expect(side.process.fds.get(READER).ok && side.reader.read([new Uint8Array(10)])).toEqual({
      ok: true,
      value: 10,
    })
    expect(step.resume()).toBe(Errno.SUCCESS)
    expect(side.view.getUint32(USED, true)).toBe(CAPACITY)
    expect([side.writer.lent, side.arena.take()?.index]).toEqual([false, 1])
  })
  it('is made by the kernel when it is given back before anything is taken', () => {
    const side = besideKernel()
    write(side, 'x')
    expect(read(side)).toBe('x')
    const step = side.call('fd_read', [READER, LIST, 1, USED])
    if (typeof step === 'number') return expect.unreachable()
    expect(side.call('fd_close', [WRITER])).toBe(Errno.SUCCESS)
    expect(step.changed()).toBe(true)
    expect([step.resume(), side.view.getUint32(USED, true)]).toEqual([Errno.SUCCESS, 0])
  })
  it('is given back when its process ends, and closed by the kernel', () => {
    const side = besideKernel()
    write(side, 'x')
    side.member.close()
    expect([side.reader.lent, side.writer.lent]).toEqual([false, false])
    side.process.fds.closeAll()
    expect(side.process.ledger.used('memory')).toBe(0)
  })
})

describe('a stream of its own seat', () => {
  function streaming() {
    const side = besideKernel()
    const { fds, ledger } = side.process
    const parts = { type: 'unknown', place: undefined, ledger } as const
    const opened = (handle: FileHandle, end: 'read' | 'write') => {
      const access = { read: end === 'read', write: end === 'write' }
      const file = new OpenFile({ ...parts, access, handle })
      return { fd: must(fds.add(file)), file }
    }
    const { stdin, stdout, stderr } = side.inner
    const input = opened(inputHandle(stdin), 'read')
    const output = opened(outputHandle(stdout), 'write')
    const errors = opened(outputHandle(stderr), 'write')
    const outside = {
      input: new RingWriter(side.rings.stdin, () => {}),
      output: new RingReader(side.rings.stdout, () => {}),
      errors: new RingReader(side.rings.stderr, () => {}),
    }
    const text = (bytes: Uint8Array | undefined) => bytes && Buffer.from(bytes).toString()
    const write = (fd: number, what: string): Step => {
      side.bytes.set(Buffer.from(what), BUFFERS)
      side.view.setUint32(LIST, BUFFERS, true)
      side.view.setUint32(LIST + 4, what.length, true)
      return side.call('fd_write', [fd, LIST, 1, USED])
    }
    const read = (): string | Step => {
      side.view.setUint32(LIST, BUFFERS, true)
      side.view.setUint32(LIST + 4, 100, true)
      const step = side.call('fd_read', [input.fd, LIST, 1, USED])
      if (step !== Errno.SUCCESS) return step
      const end = BUFFERS + side.view.getUint32(USED, true)
      return Buffer.from(side.bytes.subarray(BUFFERS, end)).toString()
    }
    const said = (which: 'output' | 'errors') => text(outside[which].take(1_024))
    return { ...side, input, output, errors, opened, outside, read, said, write }
  }

  it('is asked for once, and then the kernel is not asked any more', () => {
    const { errors, input, log, output, outside, read, said, write } = streaming()
    outside.input.write(Buffer.from('in'))
    expect([read(), write(output.fd, 'out'), write(errors.fd, 'err')]).toEqual(['in', 0, 0])
    expect([input.file.lent, output.file.lent, errors.file.lent]).toEqual([true, true, true])
    const { parks } = log
    for (let turn = 0; turn < 10; turn += 1) {
      outside.input.write(Buffer.from(`${turn}`))
      expect([read(), write(output.fd, `o${turn}`), write(errors.fd, `e${turn}`)]).toEqual([
        `${turn}`,
        0,
        0,
      ])
    }
    expect(log.parks).toBe(parks)
    expect(said('output')).toBe('outo0o1o2o3o4o5o6o7o8o9')
    expect(said('errors')).toBe('erre0e1e2e3e4e5e6e7e8e9')
  })
  it('is the kernel’s again for others, and what both write comes in its order', () => {
    const { call, output, process, said, write } = streaming()
    write(output.fd, 'own ')
    expect(output.file.lent).toBe(true)
    const second = must(process.fds.add(output.file.retain()))
    // A call that may give it away: the kernel has it back before.
    expect(call('fd_renumber', [READER, READER])).toBe(Errno.SUCCESS)
    expect(output.file.lent).toBe(false)
    write(output.fd, 'shared ')
    write(second, 'both ')
    expect(output.file.lent).toBe(false)
    expect(call('fd_close', [second])).toBe(Errno.SUCCESS)
    write(output.fd, 'own again')
    expect([output.file.lent, said('output')]).toEqual([true, 'own shared both own again'])
  })
  it('of another process is not lent, whoever has inherited it', () => {
    const { opened, said, write } = streaming()
    const other = createRing(64)
    const foreign = opened(outputHandle(new RingWriter(other, () => {})), 'write')
    expect(write(foreign.fd, 'there')).toBe(Errno.SUCCESS)
    expect([foreign.file.lent, said('output')]).toEqual([false, undefined])
    expect(new RingReader(other, () => {}).available()).toBe(5)
  })
  it('waits for whoever reads it, and answers when all is taken', () => {
    const { bytes, call, output, outside, view } = streaming()
    bytes.fill(7, BUFFERS, BUFFERS + 3_000)
    view.setUint32(LIST, BUFFERS, true)
    view.setUint32(LIST + 4, 3_000, true)
    let step = call('fd_write', [output.fd, LIST, 1, USED])
    let taken = 0
    while (typeof step !== 'number') {
      expect(step.changed()).toBe(false)
      taken += outside.output.take(1_024)?.length ?? 0
      expect(step.changed()).toBe(true)
      step = step.resume()
    }
    expect([step, view.getUint32(USED, true)]).toEqual([Errno.SUCCESS, 3_000])
    taken += outside.output.take(1_024)?.length ?? 0
    expect(taken).toBe(3_000)
  })
  it('tells its end, and that nobody reads, as the kernel does', () => {
    const { output, outside, read, write } = streaming()
    outside.input.write(Buffer.from('x'))
    expect(read()).toBe('x')
    outside.input.close()
    expect([read(), read()]).toEqual(['', ''])
    write(output.fd, 'x')
    outside.output.close()
    expect([write(output.fd, 'y'), write(output.fd, 'y')]).toEqual([Errno.PIPE, Errno.PIPE])
  })
  it('is given back when its process ends', () => {
    const { input, member, output, outside, read, write } = streaming()
    outside.input.write(Buffer.from('x'))
    read()
    write(output.fd, 'x')
    member.close()
    expect([input.file.lent, output.file.lent]).toEqual([false, false])
  })
})

describe('a device that keeps nothing', () => {
  const opened = (name: 'null' | 'zero', access = { read: true, write: true }) => {
    const side = besideKernel()
    const { ledger } = side.process
    const type = 'character-device' as const
    const parts = { type, place: undefined, access, handle: PLAIN_DEVICES[name], ledger }
    const fd = must(side.process.fds.add(new OpenFile(parts)))
    const made = (call: 'fd_read' | 'fd_write', length: number) => {
      prepare(side, [length], 7)
      return [side.call(call, [fd, LIST, 1, USED]), side.view.getUint32(USED, true)]
    }
    return { ...side, made }
  }
  it.each([
    ['null', 0],
    ['zero', 9_000],
  ] as const)('is its process’s own, in both directions: %s', (name, read) => {
    const { made, log, bytes } = opened(name)
    expect(made('fd_write', 100_000)).toEqual([Errno.SUCCESS, 100_000])
    const { parks } = log
    expect(made('fd_write', 5)).toEqual([Errno.SUCCESS, 5])
    expect(log.parks).toBe(parks)
    expect(made('fd_read', 9_000)).toEqual([Errno.SUCCESS, read])
    expect(bytes.subarray(BUFFERS, BUFFERS + read).every((byte) => byte === 0)).toBe(true)
    expect(made('fd_read', 9_000)).toEqual([Errno.SUCCESS, read])
    expect(log.parks).toBe(parks + 1)
  })
  it('is not written by who has it open for reading alone', () => {
    const { made } = opened('null', { read: true, write: false })
    expect(made('fd_write', 5)[0]).toBe(Errno.BADF)
    expect(made('fd_read', 5)).toEqual([Errno.SUCCESS, 0])
    expect(made('fd_write', 5)[0]).toBe(Errno.BADF)
  })
})

describe('a process that is none of ours', () => {
  it('is lent nothing for a request that is no call', () => {
    const side = besideKernel()
    const { client, member } = side
    const op = REQUEST.call + (numberOf(PREVIEW1.fd_write) ?? 0)
    for (const args of [[WRITER, 0, 0, 0], [READER, 0, 0, 0], [-1, 0, 0, 0], []]) {
      client.ask({ op, args, data: new Uint8Array() })
      member.serve()
      expect(client.answered).toBe(true)
    }
    expect([side.reader.lent, side.writer.lent]).toEqual([false, false])
  })
})

describe('the place for pipes', () => {
  it('is taken again when both ends are closed, and is empty then', () => {
    const host = HostBlock.create(1)
    const arena = new PipeArena({ slot: 0, bellOf: (slot) => host.control(slot).bell })
    const taken = Array.from({ length: 64 }, () => arena.take())
    expect(new Set(taken.map((pipe) => pipe?.index)).size).toBe(64)
    expect(arena.take()).toBeUndefined()
    const [first] = taken
    first?.write(Buffer.from('secret'))
    first?.closeWriter()
    expect(arena.take()).toBeUndefined()
    first?.closeReader()
    const again = arena.take()
    expect([again?.index, again?.available(), again?.room()]).toEqual([first?.index, 0, CAPACITY])
    expect(Buffer.from(new Uint8Array(arena.memory)).includes('secret')).toBe(false)
  })
})
