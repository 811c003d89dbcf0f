import { describe, expect, it } from 'vitest'
import type { Step } from '../../../src/abi/preview1/call.ts'
import { pollOneoff } from '../../../src/abi/preview1/poll.ts'
import { SNAPSHOT0 } from '../../../src/abi/snapshot0/table.ts'
import { OpenFile } from '../../../src/kernel/mount/open-file.ts'
import { inputHandle, outputHandle } from '../../../src/kernel/process/stream-handle.ts'
import { callable } from '../../support/calls.ts'
import { errnoName, must } from '../../support/errno.ts'

const IN = 1_000
const OUT = 2_000
const COUNT = 3_000

type Subscription =
  | Readonly<{ clock: number; timeout: bigint; flags?: number }>
  | Readonly<{ tag: number; fd: number }>
type Layout = 'preview1' | 'snapshot0'
/** Where a subscription has its parts. @source the WASI reference, 1.1 and 2.1 */
const LAYOUT = {
  preview1: { bytes: 48, id: 16, timeout: 24, flags: 40 },
  snapshot0: { bytes: 56, id: 24, timeout: 32, flags: 48 },
} as const

function setup(layout: Layout = 'preview1') {
  const process = callable()
  const { view, bytes, call } = process
  const { fds, ledger } = call.process
  let available = 0
  let room = 0
  fds.close(0)
  fds.close(1)
  const type = 'unknown'
  const place = undefined
  const input = inputHandle({ read: () => undefined, available: () => available })
  const output = outputHandle({ write: () => 0, room: () => room })
  const readable = { read: true, write: false }
  const writable = { read: false, write: true }
  must(fds.add(new OpenFile({ type, place, ledger, access: readable, handle: input })))
  must(fds.add(new OpenFile({ type, place, ledger, access: writable, handle: output })))
  const poll = (...subscriptions: readonly Subscription[]): Step => {
    const at = LAYOUT[layout]
    bytes.fill(0, IN, OUT)
    bytes.fill(0xee, OUT, COUNT + 4)
    for (const [index, one] of subscriptions.entries()) {
      const start = IN + index * at.bytes
      view.setBigUint64(start, BigInt(index + 70), true)
      if ('clock' in one) {
        view.setUint32(start + at.id, one.clock, true)
        view.setBigUint64(start + at.timeout, one.timeout, true)
        view.setUint16(start + at.flags, one.flags ?? 0, true)
      } else {
        view.setUint8(start + 8, one.tag)
        view.setUint32(start + 16, one.fd, true)
      }
    }
    const args = [IN, OUT, subscriptions.length, COUNT] as const
    if (layout === 'preview1') return pollOneoff(call, ...args)
    return SNAPSHOT0['poll_oneoff']?.handler(call, ...(args as unknown as never[])) ?? 0
  }
  const events = () =>
    Array.from({ length: view.getUint32(COUNT, true) }, (_, index) => {
      const at = OUT + index * 32
      return {
        userdata: Number(view.getBigUint64(at, true)),
        error: view.getUint16(at + 8, true),
        type: view.getUint8(at + 10),
        nbytes: Number(view.getBigUint64(at + 16, true)),
        flags: view.getUint16(at + 24, true),
      }
    })
  const put = (more: { available?: number; room?: number }) => {
    available = more.available ?? available
    room = more.room ?? room
  }
  return { ...process, poll, events, put }
}
const said = (step: Step): string => {
  if (typeof step !== 'number') return 'blocked'
  return step === 0 ? 'ok' : errnoName(step)
}
const READ = 1
const WRITE = 2
const NEVER: Subscription = { clock: 1, timeout: 2n ** 63n }
const file = (tag: number, fd: number): Subscription => ({ tag, fd })

describe.each<Layout>(['preview1', 'snapshot0'])('poll_oneoff of %s', (layout) => {
  it.each<[string, readonly Subscription[], string]>([
    ['nothing', [], 'INVAL'],
    ['an unknown kind', [file(9, 4)], 'INVAL'],
    ['an unknown clock', [{ clock: 9, timeout: 0n }], 'INVAL'],
    ['a CPU clock', [{ clock: 2, timeout: 0n }], 'INVAL'],
    ['a closed descriptor', [file(READ, 50)], 'BADF'],
    ['a closed descriptor behind what is ready', [file(READ, 4), file(WRITE, 50)], 'BADF'],
    ['a directory', [file(READ, 3)], 'BADF'],
    ['a file', [file(READ, 4)], 'ok'],
    ['a time that has come', [{ clock: 1, timeout: 0n }], 'ok'],
    ['a time of long ago', [{ clock: 0, timeout: 1n, flags: 1 }], 'ok'],
    ['a time to come', [{ clock: 0, timeout: 2n ** 62n, flags: 1 }], 'blocked'],
    ['an input that has nothing', [file(READ, 0)], 'blocked'],
    ['an output that has no room', [file(WRITE, 1)], 'blocked'],
  ])('of %s', (_, subscriptions, answer) => {
    expect(said(setup(layout).poll(...subscriptions))).toBe(answer)
  })
  it('tells what is left of a file, and of its end', () => {
    const { poll, events, call } = setup(layout)
    poll(file(READ, 4), file(WRITE, 4))
    expect(events()).toEqual([
      { userdata: 70, error: 0, type: 1, nbytes: 5, flags: 0 },
      { userdata: 71, error: 0, type: 2, nbytes: 1, flags: 0 },
    ])
    must(must(call.process.fds.get(4)).seek(9n, 'set'))
    poll(file(READ, 4))
    expect(events()).toEqual([{ userdata: 70, error: 0, type: 1, nbytes: 0, flags: 1 }])
  })
  it('does not wait for a clock when a descriptor is ready, and tells of no other', () => {
    const { poll, events } = setup(layout)
    expect(said(poll(NEVER, file(READ, 0), file(READ, 4), file(WRITE, 1)))).toBe('ok')
    expect(events().map(({ userdata }) => userdata)).toEqual([72])
  })
  it('tells of a clock that has fired beside it', () => {
    const { poll, events } = setup(layout)
    poll({ clock: 0, timeout: 0n }, file(READ, 4), { clock: 1, timeout: 0n })
    expect(events().map(({ userdata, type }) => [userdata, type])).toEqual([
      [70, 0],
      [71, 1],
      [72, 0],
    ])
  })
  it('wakes for bytes, for room and for the end of an input', () => {
    for (const [more, subscription, event] of [
      [{ available: 3 }, file(READ, 0), { type: 1, nbytes: 3, flags: 0 }],
      [{ available: -1 }, file(READ, 0), { type: 1, nbytes: 0, flags: 1 }],
      [{ room: 8 }, file(WRITE, 1), { type: 2, nbytes: 8, flags: 0 }],
    ] as const) {
      const { poll, events, put } = setup(layout)
      const step = poll(subscription)
      if (typeof step === 'number') throw new Error(said(step))
      expect(step.changed()).toBe(false)
      put(more)
      expect(step.changed()).toBe(true)
      expect(step.resume()).toBe(0)
      expect(events()).toEqual([{ userdata: 70, error: 0, ...event }])
    }
  })
  it('writes every byte of an event, and none behind the last', () => {
    const { poll, bytes } = setup(layout)
    poll(file(READ, 4))
    expect([...bytes.subarray(OUT, OUT + 32)]).toEqual([
      ...[70, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0],
      ...[5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    ])
    expect(bytes[OUT + 32]).toBe(0xee)
  })
})
