import type { RandomFill } from '../../../contract/clock.ts'
import { Errno } from '../../../contract/errno.ts'
import { type Fail, fail, ok, type Result } from '../../../contract/result.ts'
import type { ControllingTerminal } from '../../process/controlling-terminal.ts'
import type { FileHandle, PlainDevice } from '../vnode.ts'
import { terminalNumber } from './open-files.ts'
import { directory, link, type Synthetic } from './synthetic.ts'

/** Bytes of randomness one read gives at most. */
const RANDOM_BYTES = 65_536
const READY = { bytes: 1, hangup: false } as const

type Transfer = (bytes: Uint8Array) => Result<number>

/** Major 1: memory devices; 5 is the terminal that is the caller's. @source Linux devices.txt */
const memoryDevice = (minor: number): number => 0x100 + minor
const TTY = 0x500

const nothing: Transfer = () => ok(0)
const swallow: Transfer = (from) => ok(from.length)
const full = (): Fail => fail(Errno.NOSPC)
const zeros: Transfer = (into) => {
  into.fill(0)
  return ok(into.length)
}

const handleOf = (read: Transfer, write: Transfer): FileHandle => ({
  seekable: false,
  read,
  write,
  readable: () => READY,
  writable: () => READY,
  close: () => {},
})

export const PLAIN_DEVICES: Readonly<Record<PlainDevice, FileHandle>> = {
  null: { ...handleOf(nothing, swallow), plain: 'null' },
  zero: { ...handleOf(zeros, swallow), plain: 'zero' },
}

const device = (minor: number, handle: FileHandle): Synthetic => ({
  kind: 'device',
  mode: 0o666,
  rdev: memoryDevice(minor),
  open: () => ok(handle),
})

type Named = Pick<ControllingTerminal, 'handle' | 'number'>

const terminalOf = (terminal: Named | undefined): Result<FileHandle> =>
  terminal === undefined ? fail(Errno.NXIO) : ok(terminal.handle())

const pseudoTerminal = (terminal: Named): readonly [string, Synthetic] => [
  String(terminal.number),
  {
    kind: 'device',
    mode: 0o620,
    rdev: terminalNumber(terminal.number),
    open: () => ok(terminal.handle()),
  },
]

/**
 * What stands in /dev. The standard streams lead to the caller's own descriptors.
 *
 * @param terminal - the one that controls the caller's session.
 * @param terminals - all of the container.
 * @source null(4), full(4), random(4), tty(4), pts(4)
 */
export function devices(
  random: RandomFill,
  terminal: () => Named | undefined,
  terminals: () => Iterable<Named>,
): Synthetic {
  const noise: Transfer = (into) => {
    const part = into.subarray(0, RANDOM_BYTES)
    random(part)
    return ok(part.length)
  }
  return directory({
    null: device(3, PLAIN_DEVICES.null),
    zero: device(5, PLAIN_DEVICES.zero),
    full: device(7, handleOf(zeros, full)),
    random: device(8, handleOf(noise, swallow)),
    urandom: device(9, handleOf(noise, swallow)),
    tty: { kind: 'device', mode: 0o666, rdev: TTY, open: () => terminalOf(terminal()) },
    stdin: link(() => '/proc/self/fd/0'),
    stdout: link(() => '/proc/self/fd/1'),
    stderr: link(() => '/proc/self/fd/2'),
    fd: link(() => '/proc/self/fd'),
    shm: directory({}),
    pts: { kind: 'directory', entries: () => new Map([...terminals()].map(pseudoTerminal)) },
  })
}
