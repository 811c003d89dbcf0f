import type { GuestMemory } from '../abi/guest-memory.ts'
import type { Lent } from '../abi/preview1/row.ts'
import type { Reach } from '../abi/reach.ts'
import { type Argument, applyAnswer, packRequest } from '../abi/window.ts'
import type { Errno } from '../contract/errno.ts'
import type { Growth } from '../kernel/cgroup/memory.ts'
import { Scratch } from '../std/scratch.ts'
import type { Borrower } from './borrower.ts'
import type { GuestThread } from './guest-thread.ts'
import { BECOMES, BLOCKED, CRASHED, GROWTH, LENT, NUMBER, REQUEST } from './kernel-requests.ts'
import { type Answer, MAIL_BYTES, type MailboxClient, type Request } from './mailbox.ts'

const EMPTY = new Uint8Array()

type NextArguments = readonly [args: readonly string[], environment: readonly string[]]

/** Its container has ended: nobody will tell it why, when they have used all fuel together. */
const orphaned = (thread: GuestThread): never => thread.die(thread.fuel.spent ? 'fuel' : 'killed')

/** A process whose kernel is on another thread: everything it asks goes through its mailbox. */
export class RemoteKernel {
  readonly #client: MailboxClient
  readonly #borrower: Borrower | undefined
  /** It is sent before anything else is asked. */
  readonly #request = new Scratch()
  #next: string | undefined

  /** @param borrower - undefined: it is lent nothing. */
  constructor(client: MailboxClient, borrower?: Borrower) {
    this.#client = client
    this.#borrower = borrower
  }

  /** Its container has ended. */
  get gone(): boolean {
    return this.#client.gone
  }

  /** One request and its answer. Ends the process when its container has ended. */
  #ask(thread: GuestThread, request: Request): Answer {
    const client = this.#client
    client.ask(request)
    const changed = (): boolean => client.answered || client.gone
    while (!client.answered) {
      if (client.gone) orphaned(thread)
      thread.park({ changed, deadline: Number.POSITIVE_INFINITY })
    }
    const answer = client.answer()
    if (answer.result === CRASHED) thread.crash(new Error('a call that failed in its kernel'))
    return answer
  }

  #simple(thread: GuestThread, op: number, args: readonly Argument[]): Answer {
    return this.#ask(thread, { op, args, data: EMPTY })
  }

  /** Makes a call of this thread's guest. LENT: it was not made, and its descriptor is the borrower's now. */
  call(
    thread: GuestThread,
    made: { readonly number: number; readonly reach: Reach; readonly lent?: Lent | undefined },
    args: readonly Argument[],
    memory: GuestMemory,
  ): Errno | typeof LENT {
    const { lent } = made
    if (lent === undefined) this.#borrower?.forget()
    let left = packRequest(memory, made.reach, args, this.#request)
    while (left.length > MAIL_BYTES) {
      this.#ask(thread, { op: REQUEST.part, args: [], data: left.subarray(0, MAIL_BYTES) })
      left = left.subarray(MAIL_BYTES)
    }
    const op = REQUEST.call + made.number
    const answer = this.#finished(thread, { op, args, data: left })
    const { result, numbers } = answer
    if (result === LENT && (lent === 'read' || lent === 'write')) {
      this.#borrower?.take(Number(args[0]) >>> 0, lent, numbers[NUMBER.pipe] ?? 0, thread)
      return LENT
    }
    const { io } = thread.ledger
    io.count('read', numbers[NUMBER.readBytes] ?? 0)
    io.count('write', numbers[NUMBER.writtenBytes] ?? 0)
    applyAnswer(memory, this.#whole(thread, answer))
    return result as Errno // what a call answers, when it is neither of the two below 0
  }

  /** Asks again for as long as the call waits, whenever there may be another answer. */
  #finished(thread: GuestThread, request: Request): Answer {
    let next = request
    for (;;) {
      const moved = this.#watch()
      const answer = this.#ask(thread, next)
      thread.charge(answer.numbers[NUMBER.charged] ?? 0)
      if (answer.result === BECOMES) this.#become(thread, answer)
      if (answer.result !== BLOCKED) return answer
      const interrupted = thread.wait({
        ok: 'blocked',
        changed: () => moved() || this.#client.gone,
        deadline: answer.numbers[NUMBER.deadline] ?? 0,
        firm: answer.numbers[NUMBER.firm] !== 0,
      })
      if (this.#client.gone) orphaned(thread)
      const op = interrupted ? REQUEST.interrupt : REQUEST.resume
      next = { op, args: [], data: EMPTY }
    }
  }

  #become(thread: GuestThread, answer: Answer): void {
    this.#next = new TextDecoder().decode(this.#whole(thread, answer))
    thread.become()
    thread.mustLive()
  }

  /** What the process goes on as, when it does: arguments and variables. */
  takeNext(): NextArguments | undefined {
    const next = this.#next
    this.#next = undefined
    // The kernel's own words.
    return next === undefined ? undefined : (JSON.parse(next) as NextArguments)
  }

  /** Begun before a call is made: what comes while it is made counts too. */
  #watch(): () => boolean {
    const { event } = this.#client
    const lent = this.#borrower?.watch()
    return () => this.#client.event !== event || lent?.() === true
  }

  #whole(thread: GuestThread, { numbers, data }: Answer): Uint8Array {
    const size = numbers[NUMBER.size] ?? 0
    if (data.length >= size) return data
    const whole = new Uint8Array(size)
    let at = data.length
    whole.set(data)
    while (at < size) {
      const more = this.#simple(thread, REQUEST.more, [BigInt(at)]).data
      whole.set(more.subarray(0, size - at), at)
      at += Math.max(1, more.length)
    }
    return whole
  }

  grow(thread: GuestThread, bytes: number): Growth {
    return GROWTH[this.#simple(thread, REQUEST.grow, [BigInt(bytes)]).result] ?? 'denied'
  }

  reserve(thread: GuestThread, bytes: number): boolean {
    return this.#simple(thread, REQUEST.reserve, [BigInt(bytes)]).result === 0
  }

  /** Whether the guest has a function that handles signals. */
  handler(thread: GuestThread, isThere: boolean): void {
    this.#simple(thread, REQUEST.handler, [BigInt(isThere)])
  }

  /** It came for a handler that is gone. */
  unhandled(thread: GuestThread, signal: number): void {
    this.#simple(thread, REQUEST.unhandled, [BigInt(signal)])
  }

  /** As `CpuController.spend`: µs. */
  spend(thread: GuestThread, used: number, rested: number): number | undefined {
    const args = [BigInt(Math.round(used)), BigInt(Math.round(rested))]
    const { result, numbers } = this.#simple(thread, REQUEST.spend, args)
    return result === 0 ? undefined : (numbers[NUMBER.deadline] ?? 0) * 1_000
  }
}
