import { numberOf } from '../../../src/abi/call-numbers.ts'
import { LinearMemory } from '../../../src/abi/guest-memory.ts'
import type { Step } from '../../../src/abi/preview1/call.ts'
import type { Row } from '../../../src/abi/preview1/row.ts'
import { applyAnswer, packRequest } from '../../../src/abi/window.ts'
import type { Errno } from '../../../src/contract/errno.ts'
import type { Process } from '../../../src/kernel/process/process.ts'
import { BECOMES, BLOCKED, REQUEST } from '../../../src/thread/kernel-requests.ts'
import type { MailboxClient } from '../../../src/thread/mailbox.ts'

const MEMORY_BYTES = 4_096
const NOTHING = new Uint8Array()
/** The answer of a call that goes on in another program. */
export const REPLACED = 'replaced'

/** A guest's memory, and its calls: one at a time, each begun now and answered later. */
export abstract class Calls {
  readonly memory = new LinearMemory()
  readonly bytes: Uint8Array
  readonly view: DataView

  constructor() {
    const buffer = new ArrayBuffer(MEMORY_BYTES)
    this.memory.attach({ buffer })
    this.bytes = new Uint8Array(buffer)
    this.view = new DataView(buffer)
  }

  abstract begin(row: Row, args: readonly number[]): void
  /** Whether `take` would get on. */
  abstract get ready(): boolean
  /** Undefined: it has to be waited for. */
  abstract take(): Errno | typeof REPLACED | undefined
}

/** On the kernel's own thread. */
export class OwnCalls extends Calls {
  readonly #process: Process
  #step: Step = 0

  constructor(process: Process) {
    super()
    this.#process = process
  }

  begin(row: Row, args: readonly number[]): void {
    if (row.where !== 'kernel') throw new TypeError('a call of its own')
    const context = { process: this.#process, memory: this.memory }
    this.#step = row.handler(context, ...(args as never[]))
  }

  get ready(): boolean {
    return typeof this.#step === 'number' || this.#step.changed()
  }

  take(): Errno | undefined {
    if (typeof this.#step !== 'number') this.#step = this.#step.resume()
    return typeof this.#step === 'number' ? this.#step : undefined
  }
}

/** Through a mailbox, as `RemoteKernel` makes them, but that nobody waits here. */
export class RemoteCalls extends Calls {
  readonly #client: MailboxClient
  #asked = false
  #event = 0

  constructor(client: MailboxClient) {
    super()
    this.#client = client
  }

  get gone(): boolean {
    return this.#client.gone
  }

  #ask(op: number, args: readonly number[], data: Uint8Array): void {
    this.#event = this.#client.event
    this.#client.ask({ op, args, data })
    this.#asked = true
  }

  begin(row: Row, args: readonly number[]): void {
    const number = numberOf(row)
    if (number === undefined || row.where !== 'kernel') throw new TypeError('no call of a kernel')
    this.#ask(REQUEST.call + number, args, packRequest(this.memory, row.reach, args))
  }

  get ready(): boolean {
    if (this.#client.gone) return true
    return this.#asked ? this.#client.answered : this.#client.event !== this.#event
  }

  take(): Errno | typeof REPLACED | undefined {
    if (!this.#asked) {
      this.#ask(REQUEST.resume, [], NOTHING)
      return undefined
    }
    const { result, data } = this.#client.answer()
    this.#asked = false
    if (result === BECOMES) return REPLACED
    if (result === BLOCKED) return undefined
    if (result < 0) throw new Error(`a kernel answers ${result}`)
    applyAnswer(this.memory, data)
    return result as Errno // what is not below 0 is one
  }
}
