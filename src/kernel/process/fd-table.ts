import { Errno } from '../../contract/errno.ts'
import { DONE, fail, type Ok, ok, type Result } from '../../contract/result.ts'
import type { Ledger } from '../cgroup/ledger.ts'
import type { OpenFile } from '../mount/open-file.ts'

/**
 * Where a native program has the root of its container open: a number that no limit ever reaches, so
 * that nothing a shell puts somewhere is in its way. It cannot be closed, and is nobody's to count.
 */
export const ROOT_FD = 0x3fff_ffff

/** What `get` answers, for each call anew, is the slot itself. */
interface Slot extends Ok<OpenFile> {
  closeOnExec: boolean
}

/** The descriptors of one process. The lowest free number is taken, as POSIX asks. */
export class FdTable {
  readonly #slots: (Slot | undefined)[] = []
  readonly #ledger: Ledger
  /** No number below it is free. */
  #full = 0
  #root: Ok<OpenFile> | undefined
  /** RLIMIT_NOFILE: one more than the greatest number that can be taken from now on. */
  limit: number

  constructor(limit: number, ledger: Ledger) {
    this.limit = limit
    this.#ledger = ledger
  }

  /** BADF: nothing is open there. */
  get(fd: number): Result<OpenFile> {
    const slot = this.#slots[fd] ?? (fd === ROOT_FD ? this.#root : undefined)
    return slot ?? fail(Errno.BADF)
  }

  /** Takes over the caller's reference. MFILE: the process has its limit; NFILE: the container has. */
  add(file: OpenFile, closeOnExec = false): Result<number> {
    return this.#addFrom(this.#full, file, closeOnExec)
  }

  /** One more descriptor of the same open file, from `minimum` on. INVAL: no such number; MFILE, NFILE. */
  dup(fd: number, minimum: number, closeOnExec: boolean): Result<number> {
    const file = this.get(fd)
    if (!file.ok) return file
    if (!this.isNumber(minimum)) return fail(Errno.INVAL)
    const added = this.#addFrom(minimum, file.value, closeOnExec)
    if (added.ok) file.value.retain()
    return added
  }

  /** dup2(2): `to` is closed first. The same number twice changes nothing. BADF, NFILE. */
  dupTo(from: number, to: number, closeOnExec: boolean): Result<number> {
    const file = this.get(from)
    if (!file.ok) return file
    if (from === to) return ok(to)
    const put = this.put(to, file.value.retain(), closeOnExec)
    if (!put.ok) file.value.release()
    return put
  }

  /** Takes over the caller's reference at that very number. BADF: beyond the limit; NFILE. */
  put(fd: number, file: OpenFile, closeOnExec = false): Result<number> {
    if (!this.isNumber(fd)) return fail(Errno.BADF)
    const before = this.#slots[fd]
    if (before === undefined && !this.#ledger.charge('fds', 1)) return fail(Errno.NFILE)
    this.#slots[fd] = { ok: true, value: file, closeOnExec }
    before?.value.release()
    return ok(fd)
  }

  close(fd: number): Result<undefined> {
    const slot = this.#slots[fd]
    if (slot === undefined) return fail(Errno.BADF)
    this.#slots[fd] = undefined
    this.#full = Math.min(this.#full, fd)
    this.#ledger.release('fds', 1)
    slot.value.release()
    return DONE
  }

  /** Moves `from` to the number `to`, closing what was there. Both must be open. */
  renumber(from: number, to: number): Result<undefined> {
    const slot = this.#slots[from]
    if (slot === undefined || this.#slots[to] === undefined) return fail(Errno.BADF)
    if (from === to) return DONE
    this.close(to)
    this.#slots[from] = undefined
    this.#slots[to] = slot
    this.#full = Math.min(this.#full, from)
    return DONE
  }

  isCloseOnExec(fd: number): Result<boolean> {
    if (fd === ROOT_FD && this.#root !== undefined) return ok(false)
    const slot = this.#slots[fd]
    return slot === undefined ? fail(Errno.BADF) : ok(slot.closeOnExec)
  }

  setCloseOnExec(fd: number, on: boolean): Result<undefined> {
    const slot = this.#slots[fd]
    if (slot === undefined) return fail(Errno.BADF)
    slot.closeOnExec = on
    return DONE
  }

  /** For a child: the same open files under the same numbers. NFILE: with nothing taken. */
  inherit(): Result<FdTable> {
    const child = new FdTable(this.limit, this.#ledger)
    for (const [fd, slot] of this.#slots.entries()) {
      if (slot === undefined) continue
      if (!this.#ledger.charge('fds', 1)) {
        child.closeAll()
        return fail(Errno.NFILE)
      }
      slot.value.retain()
      child.#slots[fd] = { ...slot }
    }
    return ok(child)
  }

  /** Another program begins. */
  closeOnExec(): void {
    for (const [fd, slot] of this.#slots.entries()) if (slot?.closeOnExec === true) this.close(fd)
  }

  /** What stands at `ROOT_FD`: takes over the caller's reference. Undefined: nothing. */
  setRoot(root: OpenFile | undefined): void {
    this.#root?.value.release()
    this.#root = root && ok(root)
  }

  closeAll(): void {
    for (let fd = 0; fd < this.#slots.length; fd += 1) this.close(fd)
    this.setRoot(undefined)
  }

  /** Open descriptors, lowest first: /proc/self/fd. */
  *entries(): Generator<readonly [fd: number, file: OpenFile]> {
    for (const [fd, slot] of this.#slots.entries()) if (slot !== undefined) yield [fd, slot.value]
  }

  /** Whether a descriptor may have this number. */
  isNumber(fd: number): boolean {
    return Number.isInteger(fd) && fd >= 0 && fd < this.limit && fd < ROOT_FD
  }

  #addFrom(minimum: number, file: OpenFile, closeOnExec: boolean): Result<number> {
    let fd = Math.max(minimum, this.#full)
    while (this.#slots[fd] !== undefined) fd += 1
    if (!this.isNumber(fd)) return fail(Errno.MFILE)
    if (!this.#ledger.charge('fds', 1)) return fail(Errno.NFILE)
    this.#slots[fd] = { ok: true, value: file, closeOnExec }
    if (minimum <= this.#full) this.#full = fd + 1
    return ok(fd)
  }
}
