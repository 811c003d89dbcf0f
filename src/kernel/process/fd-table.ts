import { Errno } from '../../contract/errno.ts'
import { DONE, fail, ok, type Result } from '../../contract/result.ts'
import type { Ledger } from '../cgroup/ledger.ts'
import type { OpenFile } from '../mount/open-file.ts'

/** The descriptors of one process. The lowest free number is taken, as POSIX asks. */
export class FdTable {
  readonly #files: (OpenFile | undefined)[] = []
  readonly #limit: number
  readonly #ledger: Ledger

  /** @param limit - RLIMIT_NOFILE: one more than the greatest descriptor number. */
  constructor(limit: number, ledger: Ledger) {
    this.#limit = limit
    this.#ledger = ledger
  }

  /** BADF: nothing is open there. */
  get(fd: number): Result<OpenFile> {
    const file = this.#files[fd]
    return file === undefined ? fail(Errno.BADF) : ok(file)
  }

  /** Takes over the caller's reference. MFILE: the process has its limit; NFILE: the container has. */
  add(file: OpenFile): Result<number> {
    const free = this.#files.indexOf(undefined)
    const fd = free === -1 ? this.#files.length : free
    if (fd >= this.#limit) return fail(Errno.MFILE)
    if (!this.#ledger.charge('fds', 1)) return fail(Errno.NFILE)
    this.#files[fd] = file
    return ok(fd)
  }

  close(fd: number): Result<undefined> {
    const file = this.#files[fd]
    if (file === undefined) return fail(Errno.BADF)
    this.#files[fd] = undefined
    this.#ledger.release('fds', 1)
    file.release()
    return DONE
  }

  /** Moves `from` to the number `to`, closing what was there. Both must be open. */
  renumber(from: number, to: number): Result<undefined> {
    const file = this.#files[from]
    if (file === undefined || this.#files[to] === undefined) return fail(Errno.BADF)
    if (from === to) return DONE
    this.close(to)
    this.#files[from] = undefined
    this.#files[to] = file
    return DONE
  }

  closeAll(): void {
    for (let fd = 0; fd < this.#files.length; fd += 1) this.close(fd)
  }

  /** Open descriptors, lowest first: /proc/self/fd. */
  *entries(): Generator<readonly [fd: number, file: OpenFile]> {
    for (const [fd, file] of this.#files.entries()) if (file !== undefined) yield [fd, file]
  }
}
