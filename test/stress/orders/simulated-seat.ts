import type { MessagePort } from 'node:worker_threads'
import { Questions } from '../../../src/cell/questions.ts'
import type {
  SeatListener,
  SeatSecondary,
  SeatTask,
  WorkerSeat,
} from '../../../src/cell/worker-seat.ts'
import { createRing, RingReader, RingWriter, resetRing } from '../../../src/thread/byte-ring.ts'
import type { ControlBlock } from '../../../src/thread/control-block.ts'
import type { HostBlock } from '../../../src/thread/host-block.ts'
import type { LiveReply, LiveRequest } from '../../../src/thread/live-tree.ts'
import type { Order, PlainOrder } from '../../../src/thread/order.ts'
import type { ProcessOutcome } from '../../../src/thread/process-task.ts'
import type { Schedule } from './schedule.ts'

const RING_BYTES = 64
const quiet = (): void => {}

/** What a thread of the simulation is given to do. */
export type Task =
  | ({ readonly role: 'init' } & SeatTask)
  | ({ readonly role: 'secondary' } & SeatSecondary)

/** What may go wrong at the border between two threads: each looks right. */
export type OrderMutant =
  | 'none'
  /** An answer to an order does not arrive. */
  | 'answer-dropped'
  /** An order arrives twice. */
  | 'order-twice'
  /** The end of a process is not told to its kernel. */
  | 'end-dropped'
  /** The cell is not told that something has moved at a seat. */
  | 'mark-dropped'
  /** A kernel does not look into a mailbox that it has just learned of. */
  | 'not-looked'
  /** A seat is another's before its kernel has forgotten who sat there. */
  | 'free-early'

/** One of so many messages is hit. */
const RARE = 6

/**
 * A `WorkerSeat` without a thread: what is sent to it waits until its thread has its turn, and what that
 * sends waits on its way to the cell.
 */
export class SimulatedSeat {
  readonly slot: number
  readonly control: ControlBlock
  idleSince = 0
  /** What its thread was sent. */
  readonly tasks: Task[] = []
  readonly asked: LiveRequest[] = []
  /** The program of an exec. */
  next = false
  #outcome: ProcessOutcome | undefined
  readonly #rings = [createRing(RING_BYTES), createRing(RING_BYTES), createRing(RING_BYTES)]
  readonly #questions: Questions
  readonly #host: HostBlock
  readonly #schedule: Schedule
  readonly #mutant: OrderMutant
  /** On the way to the cell. */
  readonly #toCell: (arrive: () => void) => void
  readonly #exit: () => void
  #take: (message: LiveReply | Order) => void = quiet
  #ending = false

  constructor(
    slot: number,
    { host, schedule, mutant }: { host: HostBlock; schedule: Schedule; mutant: OrderMutant },
    hears: SeatListener,
    exit: () => void,
  ) {
    this.slot = slot
    this.#host = host
    this.#schedule = schedule
    this.#mutant = mutant
    this.control = host.control(slot)
    this.control.free()
    this.control.enter('starting')
    this.#toCell = schedule.lane()
    const port = {
      on: (_: string, take: (message: LiveReply | Order) => void) => {
        this.#take = take
      },
      postMessage: (request: LiveRequest) => this.#ask(request),
      ref: quiet,
      unref: quiet,
    }
    this.#questions = new Questions(port as unknown as MessagePort, (order) => {
      if (order.generation === this.control.generation) hears.ordered(this.seat, order)
    })
    this.#exit = () => {
      exit()
      hears.ended(this.seat)
    }
  }

  /** As the cell has it. */
  get seat(): WorkerSeat {
    return this as unknown as WorkerSeat // all that runs, members and seats use of one
  }

  #hits(mutant: OrderMutant): boolean {
    return this.#mutant === mutant && this.#schedule.chance(RARE)
  }

  #ask(request: LiveRequest): void {
    if (request.verb === 'ordered' && this.#hits('answer-dropped')) return
    if (request.verb === 'detach' && this.#hits('end-dropped')) return
    this.asked.push(request)
  }

  // What the cell does with it.

  hold(): void {}
  wake(): void {}
  update(): void {}

  streams() {
    const [stdin, stdout, stderr] = this.#rings.map((ring) => new RingReader(ring, quiet))
    return { input: stdin, stdout, stderr }
  }

  begin(task: SeatTask): void {
    this.tasks.push({ role: 'init', ...task })
  }

  beginSecondary(task: SeatSecondary): void {
    this.tasks.push({ role: 'secondary', ...task })
  }

  become(): void {
    this.next = true
  }

  readonly ask = (question: Parameters<WorkerSeat['ask']>[0]) => {
    const answer = this.#questions.ask({ ...question, generation: this.control.generation })
    this.control.ask()
    return answer
  }

  unasked(): void {
    this.#questions.abandon()
  }

  outcome(): ProcessOutcome | undefined {
    if (this.control.state() !== 'zombie') return undefined
    const outcome = this.#outcome
    this.#outcome = undefined
    return outcome
  }

  closeOutput(): void {
    for (const memory of this.#rings.slice(1)) new RingWriter(memory, quiet).close()
  }

  clean(): void {
    for (const memory of this.#rings) resetRing(memory)
    this.control.free()
  }

  terminate(): void {
    if (this.#ending) return
    this.#ending = true
    this.#toCell(this.#exit)
  }

  // What its thread does.

  mark(): void {
    if (!this.#hits('mark-dropped')) this.#host.mark(this.slot)
  }

  reply(reply: LiveReply): void {
    this.#toCell(() => this.#take(reply))
  }

  order(order: PlainOrder): void {
    const message = { ...order, generation: this.control.generation }
    this.#toCell(() => this.#take(message))
    if (this.#hits('order-twice')) this.#toCell(() => this.#take(message))
  }

  leave(outcome: ProcessOutcome): void {
    this.#outcome = outcome
    this.mark()
  }
}
