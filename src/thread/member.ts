import { rowOf } from '../abi/call-numbers.ts'
import type { Step, Suspended } from '../abi/preview1/call.ts'
import type { Lent } from '../abi/preview1/row.ts'
import { type Argument, openWindow, type Window, windowSpace } from '../abi/window.ts'
import { Errno } from '../contract/errno.ts'
import type { Process } from '../kernel/process/process.ts'
import { comeBack } from '../kernel/process/signal-delivery.ts'
import type { ContainerCgroup } from './container-cgroup.ts'
import { BECOMES, BLOCKED, CRASHED, GROWTH, LENT, NUMBER, REQUEST } from './kernel-requests.ts'
import type { Lender, WantedEnd } from './lender.ts'
import { type Answer, MAIL_BYTES, type MailboxServer, type Request } from './mailbox.ts'
import type { MemberThread } from './member-thread.ts'

const EMPTY = new Uint8Array()
const US_PER_MS = 1_000
/** Bytes of a window that a caller may send: two lists of texts and their pointers, and paths. */
const MAX_REQUEST = 2 ** 22

const plain = (result: number): Answer => ({ result, numbers: [], data: EMPTY })

export interface MemberParts {
  readonly process: Process
  readonly thread: MemberThread
  readonly server: MailboxServer
  readonly group: ContainerCgroup
  /** Undefined: it gets no pipes of its own. */
  readonly lender?: Lender | undefined
}

/** A call that waits, with what it works on. */
interface Aside {
  readonly waiting: Suspended
  readonly window: Window | undefined
  readonly wanted: WantedEnd | undefined
}

/** Answers what one process asks of its kernel, one request at a time. */
export class Member {
  readonly process: Process
  readonly #thread: MemberThread
  readonly #server: MailboxServer
  readonly #group: ContainerCgroup
  readonly #lender: Lender | undefined
  /** What came so far of a window. */
  #parts: Uint8Array[] = []
  #size = 0
  /** Of the call that is made, and of one that a handler makes beside it. */
  readonly #spaces = { call: windowSpace(), beside: windowSpace() }
  #window: Window | undefined
  /** What the call reads or writes, which it may be lent. */
  #wanted: WantedEnd | undefined
  /** The call that waits. */
  #waiting: Suspended | undefined
  /** One that waits while a handler makes others. */
  #aside: Aside | undefined
  /** It was told that its wait may be over. */
  #told = false
  #outgoing: Uint8Array = EMPTY

  constructor({ process, thread, server, group, lender }: MemberParts) {
    this.process = process
    this.#thread = thread
    this.#server = server
    this.#group = group
    this.#lender = lender
  }

  /** Answers its request, if there is one. */
  serve(): void {
    const request = this.#server.take()
    if (request !== undefined) this.#server.answer(this.#answer(request))
  }

  get cpuMs(): number {
    return this.#thread.cpuMs()
  }

  /** It has ended, having used so much; more, if it has told of more. */
  spent(cpuMs: number): number {
    this.#thread.spent(cpuMs)
    return this.#thread.cpuMs()
  }

  /** Tells it, once, when what it waits for has come. */
  stir(): void {
    if (this.#waiting === undefined || this.#told) return
    if (!this.#thread.becoming && !this.#waiting.changed()) return
    this.#told = true
    this.#server.notify()
  }

  /** It is no more, or is not served any more: gives back what it holds. */
  close(): void {
    this.#server.close()
    this.#waiting = undefined
    this.#lender?.takeAllBack()
    this.#release()
  }

  #release(): void {
    this.#group.ledger.release('memory', this.#thread.held)
    this.#thread.held = 0
  }

  #answer(request: Request): Answer {
    const [first = 0, second = 0] = request.args.map(Number)
    const isCall = request.op >= REQUEST.call
    // Amounts and places: none of them is ever less than nothing.
    if (!isCall && (first < 0 || second < 0)) return plain(CRASHED)
    switch (request.op) {
      case REQUEST.part:
        return plain(this.#keep(request.data) ? Errno.SUCCESS : CRASHED)
      case REQUEST.resume:
        return this.#resume()
      case REQUEST.interrupt:
        return this.#interrupt()
      case REQUEST.more:
        return this.#piece(Errno.SUCCESS, first)
      case REQUEST.grow:
        return this.#grow(first)
      case REQUEST.reserve:
        return plain(this.#hold(first, this.#group.ledger.charge('memory', first)) ? 0 : 1)
      case REQUEST.spend:
        return this.#spend(first, second)
      case REQUEST.handler:
        this.process.signals.handler = first !== 0
        return plain(0)
      case REQUEST.unhandled:
        comeBack(this.process, first)
        return plain(0)
      default:
        return this.#call(request)
    }
  }

  /** False: more than any caller of ours sends. */
  #keep(part: Uint8Array): boolean {
    this.#size += part.length
    const fits = this.#size <= MAX_REQUEST
    // A copy: others lie in the same place after it.
    if (fits) this.#parts.push(part.slice())
    return fits
  }

  #request(last: Uint8Array): Uint8Array | undefined {
    const parts = this.#parts
    const size = this.#size + last.length
    this.#parts = []
    this.#size = 0
    if (size > MAX_REQUEST) return undefined
    if (parts.length === 0) return last
    const bytes = new Uint8Array(size)
    let at = 0
    for (const part of [...parts, last]) {
      bytes.set(part, at)
      at += part.length
    }
    return bytes
  }

  #call({ op, args, data }: Request): Answer {
    const row = rowOf(op - REQUEST.call)
    const request = this.#request(data)
    if (row === undefined || row.where !== 'kernel' || request === undefined) return plain(CRASHED)
    const isBeside = this.#waiting !== undefined || this.#aside !== undefined
    const space = isBeside ? this.#spaces.beside : this.#spaces.call
    const window = openWindow(request, row.reach, args, space)
    if (window === undefined || !this.#setAside()) return plain(CRASHED)
    this.#window = window
    this.#wanted = this.#ends(row.lent, args)
    this.#group.ledger.syscalls += 1
    const context = { process: this.process, memory: window.memory }
    return this.#attempt(() => row.handler(context, ...(args as readonly Argument[] as never[])))
  }

  /** A signal's handler calls while a call waits: that one goes on afterwards. One handler runs at a time. */
  #setAside(): boolean {
    if (this.#waiting === undefined) return true
    if (this.#aside !== undefined) return false
    this.#aside = { waiting: this.#waiting, window: this.#window, wanted: this.#wanted }
    this.#waiting = undefined
    return true
  }

  /** What was set aside waits again, and may have missed what it waits for. */
  #takeUp(): void {
    if (this.#aside === undefined) return
    this.#waiting = this.#aside.waiting
    this.#window = this.#aside.window
    this.#wanted = this.#aside.wanted
    this.#aside = undefined
    this.#told = false
    this.#thread.sleeping = true
  }

  /** The kernel has all ends back before a call that may do something to them. */
  #ends(lent: Lent | undefined, [fd]: readonly Argument[]): WantedEnd | undefined {
    if (lent === undefined) this.#lender?.takeAllBack()
    if (lent === undefined || lent === 'stays') return undefined
    return { fd: Number(fd) >>> 0, end: lent }
  }

  /** Its caller makes it by itself, now that it can. */
  #lend(): Answer | undefined {
    const pipe = this.#wanted && this.#lender?.lend(this.#wanted)
    if (pipe === undefined) return undefined
    this.#window = undefined
    this.#takeUp()
    const numbers = this.#numbers(0, 0, 0)
    numbers[NUMBER.pipe] = pipe
    return { result: LENT, numbers, data: EMPTY }
  }

  #resume(): Answer {
    if (this.#thread.becoming) return this.#become()
    const waiting = this.#waiting
    if (waiting === undefined) return plain(CRASHED)
    // What has moved some bytes is not begun anew by its caller.
    if (waiting.interrupted !== undefined) this.#wanted = undefined
    return this.#attempt(() => waiting.resume())
  }

  /** Its arguments and variables are others from now on. */
  #become(): Answer {
    this.#thread.becoming = false
    this.#thread.sleeping = false
    this.#waiting = undefined
    this.#aside = undefined
    this.#window = undefined
    this.#release()
    const { args, environment } = this.process
    this.#outgoing = new TextEncoder().encode(JSON.stringify([args, environment]))
    return { ...this.#piece(BECOMES, 0), numbers: this.#numbers(0, 0, 0) }
  }

  /** What has come by now is not lost for a signal. */
  #interrupt(): Answer {
    this.#wanted = undefined
    const answer = this.#resume()
    const waiting = this.#waiting
    if (answer.result !== BLOCKED || waiting === undefined) return answer
    return this.#attempt(() => waiting.interrupted?.() ?? Errno.INTR)
  }

  /** A call that throws is a fault of ours, or of a caller that is not: PID 1 must not end for it. */
  #attempt(call: () => Step): Answer {
    const { io } = this.#group.ledger
    const [read, written] = [io.moved('read'), io.moved('write')]
    this.#waiting = undefined
    this.#told = false
    this.#thread.sleeping = false
    const lent = this.#lend()
    if (lent !== undefined) return lent
    let step: Step
    try {
      step = call()
    } catch {
      return plain(CRASHED)
    }
    if (typeof step !== 'number') {
      this.#waiting = step
      // What is done in part is done to its end here: its caller would begin anew.
      if (step.interrupted !== undefined) this.#wanted = undefined
      this.#thread.sleeping = true
      const numbers = this.#numbers(step.deadline, 0, 0)
      numbers[NUMBER.firm] = Number(step.firm === true)
      return { result: BLOCKED, numbers, data: EMPTY }
    }
    this.#outgoing = this.#window?.answer(step) ?? EMPTY
    this.#window = undefined
    this.#takeUp()
    const { result, data } = this.#piece(step, 0)
    const moved = [io.moved('read') - read, io.moved('write') - written] as const
    return { result, numbers: this.#numbers(0, ...moved), data }
  }

  #numbers(deadline: number, readBytes: number, writtenBytes: number): number[] {
    const numbers: number[] = []
    numbers[NUMBER.deadline] = deadline
    numbers[NUMBER.charged] = this.#thread.takeCharged()
    numbers[NUMBER.size] = this.#outgoing.length
    numbers[NUMBER.readBytes] = readBytes
    numbers[NUMBER.writtenBytes] = writtenBytes
    return numbers
  }

  #piece(result: number, from: number): Answer {
    const data = this.#outgoing.subarray(from, from + MAIL_BYTES)
    if (from + data.length >= this.#outgoing.length && from > 0) this.#outgoing = EMPTY
    return { result, numbers: [], data }
  }

  #grow(bytes: number): Answer {
    const growth = this.#group.memory.grow(bytes)
    this.#hold(bytes, growth === 'granted')
    return plain(GROWTH.indexOf(growth))
  }

  #hold(bytes: number, granted: boolean): boolean {
    if (granted) this.#thread.held += bytes
    return granted
  }

  #spend(used: number, rested: number): Answer {
    const { cpu } = this.#group
    if (rested > 0) cpu.rested(rested)
    const until = cpu.spend(used, performance.now() * US_PER_MS)
    if (until === undefined) return plain(0)
    const numbers: number[] = []
    numbers[NUMBER.deadline] = until / US_PER_MS
    return { result: 1, numbers, data: EMPTY }
  }
}
