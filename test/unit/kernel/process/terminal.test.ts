import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Errno } from '../../../../src/contract/errno.ts'
import { fail } from '../../../../src/contract/result.ts'
import { LOCAL, SANE } from '../../../../src/contract/termios.ts'
import { LEADER, newTerminal, rawSettings } from '../../../support/terminal.ts'

const [HUP, INT, CONT, TTIN, TTOU, WINCH] = [1, 2, 18, 21, 22, 28]
const text = (bytes: Uint8Array | undefined): string | undefined =>
  bytes && Buffer.from(bytes).toString('latin1')
const cooked = (local: number) => ({ ...SANE, local })

describe('a read of a terminal', () => {
  it('waits for a line, and is told when it has come', () => {
    const { handle, device, type, read } = newTerminal()
    type('ab')
    device.pump()
    const wait = handle.read(new Uint8Array(9), 0)
    if (wait.ok !== 'blocked') throw new Error('it does not wait')
    expect([wait.changed(), handle.readable()]).toEqual([false, undefined])
    type('c\n')
    device.pump()
    expect([wait.changed(), handle.readable()]).toEqual([true, { bytes: 4, hangup: false }])
    expect(text(read())).toBe('abc\n')
  })
  it.each([
    // VMIN, VTIME, what is there, asked for, ms later: what is read
    [1, 0, '', 9, 0, undefined],
    [1, 0, 'a', 9, 0, 'a'],
    [3, 0, 'ab', 9, 0, undefined],
    [3, 0, 'abc', 9, 0, 'abc'],
    [3, 0, 'ab', 2, 0, 'ab'],
    [0, 0, '', 9, 0, ''],
    [0, 0, 'a', 9, 0, 'a'],
    [0, 2, '', 9, 100, undefined],
    [0, 2, '', 9, 200, ''],
    [3, 2, 'ab', 9, 100, undefined],
    [3, 2, 'ab', 9, 200, 'ab'],
    [3, 2, '', 9, 10_000, undefined],
  ])('with VMIN %i and VTIME %i of %j, for %i bytes, after %i ms is %j', (...row) => {
    const [minimum, tenths, typed, wanted, later, expected] = row
    const { device, state, type, read, handle } = newTerminal()
    device.set(rawSettings(minimum, tenths), 'now')
    type(typed)
    device.pump()
    const first = handle.read(new Uint8Array(0), 0)
    if (later > 0) handle.read(new Uint8Array(wanted), 0)
    state.now += later
    expect(first.ok === true || first.ok === 'blocked').toBe(true)
    expect(text(read(wanted))).toBe(expected)
  })
  it('says until when it waits', () => {
    const { device, state, type, handle } = newTerminal()
    device.set(rawSettings(0, 5), 'now')
    state.now = 1_000
    const deadlineOf = () => {
      const wait = handle.read(new Uint8Array(9), 0)
      return wait.ok === 'blocked' ? wait.deadline : undefined
    }
    expect(deadlineOf()).toBe(1_500)
    state.now = 1_200
    expect(deadlineOf()).toBe(1_500)
    device.set(rawSettings(9, 5), 'now')
    expect(deadlineOf()).toBe(Number.POSITIVE_INFINITY)
    type('a')
    expect(deadlineOf()).toBe(1_700)
  })
  it('at the end of the input has what was typed of a line, then nothing for ever', () => {
    const { device, state, type, read, handle } = newTerminal()
    type('one\ntw')
    device.pump()
    state.ended = true
    expect([read(), read(), read(), read()].map(text)).toEqual(['one\n', 'tw', '', ''])
    expect(handle.readable()).toEqual({ bytes: 0, hangup: true })
  })
})

describe('a change of settings', () => {
  it('to raw makes bytes of lines and of what is being typed', () => {
    const { device, type, read } = newTerminal()
    type('one\ntw')
    device.pump()
    device.set(rawSettings(), 'now')
    expect(text(read())).toBe('one\ntw')
  })
  it('to lines makes one of the bytes that are there', () => {
    const { device, type, read } = newTerminal()
    device.set(rawSettings(), 'now')
    type('a\nb')
    device.pump()
    device.set(SANE, 'drain')
    type('c\n')
    expect([read(), read()].map(text)).toEqual(['a\nb', 'c\n'])
  })
  it('with a flush throws away what was typed, also what lies before the terminal', () => {
    const { device, type, read, left } = newTerminal()
    device.set(rawSettings(), 'now')
    type('x'.repeat(5_000))
    device.pump()
    device.set(SANE, 'flush')
    expect([left(), read()]).toEqual([0, undefined])
  })
})

describe('a terminal whose screen takes no more', () => {
  it('leaves its input where it is, and loses nothing', () => {
    const { device, state, type, read, screen, left } = newTerminal({ room: 3 })
    type('abcdef'.repeat(500))
    device.pump()
    expect(screen()).toBe('abc')
    expect(left()).toBeGreaterThan(2_000)
    state.room = Number.POSITIVE_INFINITY
    device.pump()
    type('\n')
    device.pump()
    expect(text(read())).toBe(`${'abcdef'.repeat(500)}\n`)
    expect(screen()).toBe(`${'abcdef'.repeat(500)}\r\n`.slice(3))
  })
  it('holds back who writes, behind what is to be echoed', () => {
    const { device, state, type, handle, write, screen } = newTerminal({ room: 0 })
    type('a\n')
    device.pump()
    const wait = write('x')
    if (wait.ok !== 'blocked') throw new Error('it does not wait')
    expect([wait.changed(), handle.writable()]).toEqual([false, undefined])
    state.room = 100
    device.pump()
    expect([wait.changed(), write('x\n')]).toEqual([true, { ok: true, value: 2 }])
    expect(screen()).toBe('a\r\nx\r\n')
  })
  it('still takes a signal', () => {
    const { device, type, signals, write } = newTerminal({ room: 10 })
    write('x'.repeat(100))
    type('\x03')
    device.pump()
    expect(signals).toEqual([[5, INT]])
  })
  it('takes what fits of what is written', () => {
    const { write, screen } = newTerminal({ room: 100 })
    const done = write('\n'.repeat(100))
    if (done.ok !== true) throw new Error('nothing was taken')
    expect(done.value).toBeGreaterThan(40)
    expect(screen()).toBe('\r\n'.repeat(done.value))
  })
  it('by ^S stands still until ^Q, and holds no more than a screen of echo', () => {
    const { device, type, write, screen, handle } = newTerminal()
    type('\x13')
    device.pump()
    expect([write('x').ok, handle.writable()]).toEqual(['blocked', undefined])
    type('y'.repeat(50_000))
    device.pump()
    expect(screen()).toBe('')
    type('\x11')
    device.pump()
    const echoed = screen()
    expect([echoed.length, new Set(echoed)]).toEqual([8_192, new Set('y')])
  })
  it('that is gone makes writes fail', () => {
    const { state, write, handle } = newTerminal()
    state.gone = true
    expect(write('x')).toEqual(fail(Errno.IO))
    expect(handle.writable()).toEqual({ bytes: 0, hangup: true })
  })
})

describe('lines that nobody reads', () => {
  it('are held to 4,096 bytes; the rest waits outside, and is not lost', () => {
    const { device, type, read, left } = newTerminal()
    const line = `${'x'.repeat(99)}\n`
    type(line.repeat(100))
    device.pump()
    expect(left()).toBeGreaterThan(10_000 - 4_096 - 600)
    let total = ''
    for (let one = read(); one !== undefined; one = read()) {
      expect(text(one)).toBe(line)
      total += text(one)
    }
    expect(total).toBe(line.repeat(100))
  })
})

describe('a process group in the background', () => {
  const BACK = { ...LEADER, groupId: 9 }
  it('is stopped when it reads, and may read when it is in front', () => {
    const { device, state, signals, type, handle, read } = newTerminal()
    type('a\n')
    state.caller = BACK
    const wait = handle.read(new Uint8Array(9), 0)
    if (wait.ok !== 'blocked') throw new Error('it does not wait')
    expect([signals, wait.changed()]).toEqual([[[9, TTIN]], false])
    device.foreground = 9
    expect([wait.changed(), text(read())]).toEqual([true, 'a\n'])
  })
  it('that goes on behind is stopped again', () => {
    const { state, signals, handle } = newTerminal()
    let stopped = true
    state.caller = { ...BACK, isStopped: () => stopped }
    const wait = handle.read(new Uint8Array(9), 0)
    if (wait.ok !== 'blocked') throw new Error('it does not wait')
    expect(wait.changed()).toBe(false)
    stopped = false
    expect(wait.changed()).toBe(true)
    stopped = true
    expect(handle.read(new Uint8Array(9), 0).ok).toBe('blocked')
    expect(signals).toEqual([
      [9, TTIN],
      [9, TTIN],
    ])
  })
  it('that does something else about the signal waits until it is in front', () => {
    const { device, state, handle } = newTerminal()
    state.caller = BACK
    const wait = handle.read(new Uint8Array(9), 0)
    if (wait.ok !== 'blocked') throw new Error('it does not wait')
    expect(wait.changed()).toBe(false)
    device.foreground = 9
    expect(wait.changed()).toBe(true)
  })
  it('that was in front when its read began is asked again', () => {
    const { device, state, signals, handle } = newTerminal()
    const wait = handle.read(new Uint8Array(9), 0)
    if (wait.ok !== 'blocked') throw new Error('it does not wait')
    expect(wait.changed()).toBe(false)
    device.foreground = 9
    expect(wait.changed()).toBe(true)
    state.caller = LEADER
    expect([handle.read(new Uint8Array(9), 0).ok, signals]).toEqual(['blocked', [[5, TTIN]]])
  })
  it.each([
    ['an orphan reads EIO', [9], BACK],
    ['that ignores the signal reads EIO', [], { ...BACK, ignores: (one: number) => one === TTIN }],
  ])('%s', (_, orphans, caller) => {
    const { state, signals, handle } = newTerminal({ orphans })
    state.caller = caller
    expect(handle.read(new Uint8Array(9), 0)).toEqual(fail(Errno.IO))
    expect(signals).toEqual([])
  })
  it('writes, but with TOSTOP', () => {
    const { device, state, signals, write } = newTerminal()
    state.caller = BACK
    expect(write('x').ok).toBe(true)
    device.set(cooked(SANE.local | LOCAL.TOSTOP), 'now')
    expect([write('x').ok, signals]).toEqual(['blocked', [[9, TTOU]]])
    state.caller = { ...BACK, ignores: () => true }
    expect(write('x').ok).toBe(true)
  })
  it('may change nothing', () => {
    const { device, state, signals } = newTerminal()
    expect(device.change().ok).toBe(true)
    state.caller = BACK
    expect([device.change().ok, signals]).toEqual(['blocked', [[9, TTOU]]])
  })
  it('of another session reads as it likes', () => {
    const { state, type, read } = newTerminal()
    state.caller = { ...BACK, sessionId: 77 }
    type('a\n')
    expect(text(read())).toBe('a\n')
  })
})

describe('a terminal', () => {
  it('tells its foreground group of another size, once', () => {
    const { device, signals } = newTerminal()
    device.resize({ rows: 50, columns: 132 })
    device.resize({ rows: 50, columns: 132 })
    expect([device.size, signals]).toEqual([{ rows: 50, columns: 132 }, [[5, WINCH]]])
  })
  it('that nobody owns sends no signals', () => {
    const { device, signals, type } = newTerminal()
    device.foreground = 0
    type('\x03')
    device.pump()
    device.resize({ rows: 1, columns: 1 })
    expect(signals).toEqual([])
  })
  it('that hangs up tells its session, is at its end, and takes nothing', () => {
    const { device, signals, type, read, write, handle, left } = newTerminal()
    const wait = handle.read(new Uint8Array(9), 0)
    device.foreground = 7
    device.hangUp()
    device.hangUp()
    type('a\n')
    expect(device.pump()).toBe(false)
    expect(wait.ok === 'blocked' && wait.changed()).toBe(true)
    expect(signals).toEqual([
      [5, HUP],
      [5, CONT],
      [7, HUP],
      [7, CONT],
    ])
    device.foreground = 5
    expect([text(read()), write('x'), left()]).toEqual(['', fail(Errno.IO), 2])
    expect(handle.readable()).toEqual({ bytes: 0, hangup: true })
  })
})

/** What is done to a terminal: keys in pieces, reads, and a screen that takes more. */
const STEPS = fc.array(
  fc.oneof(
    fc.uint8Array({ minLength: 1, maxLength: 40 }).map((bytes) => ({ type: bytes })),
    fc.integer({ min: 1, max: 50 }).map((size) => ({ read: size })),
    fc.integer({ min: 1, max: 50 }).map((room) => ({ room })),
  ),
  { maxLength: 60 },
)

type Step = { readonly type: Uint8Array } | { readonly read: number } | { readonly room: number }
const NOTHING = new Uint8Array()
const seen = (): Uint8Array[] => []

/** Lines and erase alone, which is all the model knows. */
const PLAIN = { ...SANE, input: 0, local: LOCAL.ICANON }
const [ERASE, KILL, EOF, NEWLINE] = [0x7f, 0x15, 0x04, 0x0a]

const DROPPING: readonly number[] = [0x13, 0x03, 0x1c, 0x1a]

function readAll({ read }: ReturnType<typeof newTerminal>): readonly string[] {
  const reads: string[] = []
  for (let one = read(7); one !== undefined; one = read(7)) reads.push(text(one) ?? '')
  return reads
}

/** What a reader of whole lines gets. */
function modelOf(typed: readonly number[]): readonly (readonly number[])[] {
  const lines: number[][] = []
  let line: number[] = []
  for (const byte of typed) {
    if (byte === ERASE) line.pop()
    else if (byte === KILL) line = []
    else {
      if (byte !== EOF) line.push(byte)
      if (byte !== EOF && byte !== NEWLINE) continue
      lines.push(line)
      line = []
    }
  }
  return lines
}

describe('whatever is typed', () => {
  it('in raw mode no byte is lost or invented, in either direction', () => {
    fc.assert(
      fc.property(STEPS, (steps) => {
        const { device, state, type, read, write, screen } = newTerminal({ room: 0 })
        device.set(rawSettings(), 'now')
        const [typed, got, written, shown] = [seen(), seen(), seen(), seen()]
        const act = (step: Step): void => {
          if ('room' in step) state.room += step.room
          else if ('read' in step) got.push(read(step.read) ?? NOTHING)
          else {
            type(step.type)
            typed.push(step.type)
            const done = write(step.type)
            written.push(step.type.subarray(0, done.ok === true ? done.value : 0))
          }
        }
        for (const step of steps) {
          act(step)
          device.pump()
          shown.push(Buffer.from(screen(), 'latin1'))
        }
        for (let rest = read(); rest !== undefined; rest = read()) got.push(rest)
        expect(Buffer.concat(got)).toEqual(Buffer.concat(typed))
        expect(Buffer.concat(shown)).toEqual(Buffer.concat(written))
      }),
    )
  })
  it('lines come as a simple model has them', () => {
    const key = fc.oneof(
      { arbitrary: fc.constantFrom(ERASE, KILL, EOF, NEWLINE), weight: 1 },
      { arbitrary: fc.integer({ min: 0x20, max: 0x7e }), weight: 2 },
    )
    fc.assert(
      fc.property(fc.array(key, { maxLength: 300 }), (typed) => {
        const { device, type, read } = newTerminal()
        device.set(PLAIN, 'now')
        type(Uint8Array.from(typed))
        const lines: number[][] = []
        for (let line = read(); line !== undefined; line = read()) lines.push([...line])
        expect(lines).toEqual(modelOf(typed))
      }),
    )
  })
  it('it matters not in which pieces, nor how slowly the screen takes the echo', () => {
    // ^S and signals drop echo that is not out: when they come matters.
    const key = fc.integer({ min: 0, max: 255 }).filter((byte) => !DROPPING.includes(byte))
    const cuts = fc.infiniteStream(fc.integer({ min: 1, max: 9 }))
    fc.assert(
      fc.property(fc.array(key, { maxLength: 200 }), cuts, fc.boolean(), (keys, sizes, slow) => {
        const typed = Uint8Array.from(keys)
        const whole = newTerminal()
        whole.type(typed)
        whole.device.pump()
        const pieces = newTerminal({ room: slow ? 0 : Number.POSITIVE_INFINITY })
        for (let at = 0; at < typed.length; ) {
          const { value: size = 1 } = sizes.next() as IteratorYieldResult<number> // it never ends
          pieces.type(typed.subarray(at, at + size))
          pieces.device.pump()
          if (slow) pieces.state.room += 2
          at += size
        }
        pieces.state.room = Number.POSITIVE_INFINITY
        pieces.device.pump()
        expect(pieces.screen()).toBe(whole.screen())
        expect(readAll(pieces)).toEqual(readAll(whole))
        expect(pieces.signals).toEqual(whole.signals)
      }),
    )
  })
})
