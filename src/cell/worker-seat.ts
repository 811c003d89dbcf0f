import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads'
import type { GuestSpec } from '../contract/guest-spec.ts'
import type { Limits } from '../contract/limits.ts'
import type { LayerParts } from '../kernel/mount/layer-view.ts'
import { createRing, RingReader, RingWriter, resetRing } from '../thread/byte-ring.ts'
import type { ControlBlock } from '../thread/control-block.ts'
import { ring } from '../thread/doorbell.ts'
import type { HostBlock } from '../thread/host-block.ts'
import type { LiveAnswers, LiveRequest, MemberSeat } from '../thread/live-tree.ts'
import type { Order } from '../thread/order.ts'
import { plainOutcome } from '../thread/plain-end.ts'
import type {
  LimitsMessage,
  ProcessOutcome,
  ProcessTask,
  ProgramMessage,
  Seat,
  SecondaryTask,
  Shipment,
  TaskModule,
} from '../thread/process-task.ts'
import type { RunQueue } from '../thread/run-queue.ts'
import { type Question, Questions } from './questions.ts'
import { SentKeys } from './sent-keys.ts'
import type { Ask, QuestionOf } from './trees.ts'

/** Bytes of a standard stream on their way. */
const RING_BYTES = 65_536
/** With 2 a short run's objects outlive a collection, and a job costs a fifth more of CPU. */
const YOUNG_GENERATION_MB = 16
/** JavaScript objects of one container's kernel; bytes of files and of guests are not among them. */
const HEAP_MB = 512
/** Modules and roots a worker keeps between two runs: references, not copies. */
const KEPT = 8

/** What one run needs. Modules and roots by the name of their content. */
export interface SeatTask {
  readonly module: TaskModule & { readonly digest: string }
  readonly root: { readonly key: string; readonly parts: LayerParts }
  readonly guest: GuestSpec
  readonly program?: string | undefined
  readonly hasInput: boolean
  readonly writableLayer: string | undefined
  readonly fuel: SharedArrayBuffer | undefined
}

/** What one run of a secondary needs. */
export interface SeatSecondary
  extends Pick<SecondaryTask, 'spec' | 'mailbox' | 'pipes' | 'kernelSlot' | 'fuel'> {
  readonly module: SeatTask['module']
}

/** Who hears of what happens at a seat. */
export interface SeatListener {
  /** Called once, when the thread is gone for whatever reason. */
  ended(seat: WorkerSeat): void
  /** The kernel that runs there wants something. */
  ordered(seat: WorkerSeat, order: Order): void
}

/** What all workers of a cell share. */
export interface CellWords {
  readonly host: HostBlock
  readonly queue: RunQueue
}

/**
 * One worker and the memory it shares with this thread: control block, rings, a port for tasks. All
 * are made once and serve one process after another, as long as the worker lives.
 */
export class WorkerSeat {
  readonly slot: number
  readonly control: ControlBlock
  readonly #worker: Worker
  readonly #port: MessagePort
  readonly #questions: Questions
  readonly #rings: Pick<Seat, 'stdin' | 'stdout' | 'stderr'>
  readonly #modules = new SentKeys<TaskModule>(KEPT)
  readonly #roots = new SentKeys<LayerParts>(KEPT)
  /** Milliseconds of `performance.now()` since which it has nothing to do. */
  idleSince = 0
  /** And at which its process began. */
  begunAt = 0

  constructor(entry: string, shared: CellWords, slot: number, hears: SeatListener) {
    const { host, queue } = shared
    this.slot = slot
    this.control = host.control(slot)
    this.control.free()
    this.control.enter('starting')
    const ring = (): SharedArrayBuffer => createRing(RING_BYTES)
    this.#rings = { stdin: ring(), stdout: ring(), stderr: ring() }
    const { port1, port2 } = new MessageChannel()
    this.#port = port1
    const questions = new MessageChannel()
    this.#questions = new Questions(questions.port1, (order) => {
      // An order of a process that has ended meanwhile is nobody's.
      if (order.generation === this.control.generation) hears.ordered(this, order)
    })
    const ports = { port: port2, questions: questions.port2 }
    const seat: Seat = { host: host.memory, queue: queue.memory, slot, ...this.#rings, ...ports }
    this.#worker = new Worker(entry, {
      workerData: seat,
      transferList: [port2, questions.port2],
      env: {},
      // Nothing of a guest goes this way; a worker's own streams would grow without bound.
      stdout: true,
      stderr: true,
      resourceLimits: {
        maxYoungGenerationSizeMb: YOUNG_GENERATION_MB,
        maxOldGenerationSizeMb: HEAP_MB,
      },
    })
    // `exit` follows; without a listener the error would be the whole process's.
    this.#worker.on('error', () => {})
    this.#worker.once('exit', () => {
      port1.close()
      questions.port1.close()
      hears.ended(this)
    })
  }

  /** While it is held, this process does not end by itself. */
  hold(held: boolean): void {
    if (held) this.#worker.ref()
    else this.#worker.unref()
  }

  /** This thread's ends of its streams. @param moved - wakes whoever has the other ends. */
  streams(moved: () => void) {
    // Nobody waits for more: a wake costs more than a short run's bytes.
    const roomMade = (were: number): void => {
      if (were > RING_BYTES / 2) moved()
    }
    return {
      input: new RingWriter(this.#rings.stdin, moved),
      stdout: new RingReader(this.#rings.stdout, roomMade),
      stderr: new RingReader(this.#rings.stderr, roomMade),
    }
  }

  /** Gives the worker a container and its first process. */
  begin({ module, root, guest, program, hasInput, writableLayer, fuel }: SeatTask): void {
    this.#post({
      role: 'init',
      module: this.#shipped(module),
      root: this.#roots.ship(root.key, root.parts),
      guest,
      program,
      hasInput,
      writableLayer,
      fuel,
    })
  }

  /** Gives the worker one more process of a container whose kernel knows of it. */
  beginSecondary({ module, ...task }: SeatSecondary): void {
    this.#post({ role: 'secondary', module: this.#shipped(module), ...task })
  }

  #shipped({ digest, module, manifest }: SeatTask['module']): Shipment<TaskModule> {
    return this.#modules.ship(digest, { module, manifest })
  }

  #post(task: ProcessTask): void {
    this.#port.postMessage(task)
    this.wake()
  }

  /** What a container's kernel on another thread shares with a process that sits here. */
  member(mailbox: SharedArrayBuffer, hasInput: boolean): MemberSeat {
    return { slot: this.slot, mailbox, hasInput, ...this.#rings }
  }

  /** Gives the container of the process that sits here other limits. */
  update(limits: Partial<Limits>): void {
    const message: LimitsMessage = { limits }
    this.#port.postMessage(message)
    this.control.tell()
    this.wake()
  }

  /** What the process that sits here goes on as, once its kernel lets it. */
  become(module: SeatTask['module']): void {
    const message: ProgramMessage = { next: this.#shipped(module) }
    this.#port.postMessage(message)
  }

  /** Asks the kernel of the container whose first process sits here. The flag comes before the bell. */
  ask: Ask = <V extends LiveRequest['verb']>(question: QuestionOf<V>) => {
    const { generation } = this.control
    const answer = this.#questions.ask({ ...question, generation } as Question) // it has its verb's fields
    this.control.ask()
    this.wake()
    return answer as Promise<LiveAnswers[V]> // a worker answers what it was asked
  }

  /** The process that sits here has ended. */
  unasked(): void {
    this.#questions.abandon()
  }

  wake(): void {
    ring(this.control.bell)
  }

  /** What the process left, once it has ended. */
  outcome(): ProcessOutcome | undefined {
    if (this.control.state() !== 'zombie') return undefined
    const plain = plainOutcome(this.control)
    if (plain !== undefined) return plain
    // The worker sends nothing but outcomes.
    return receiveMessageOnPort(this.#port)?.message as ProcessOutcome | undefined
  }

  /** For a worker that died: it cannot close its ends any more. */
  closeOutput(): void {
    for (const memory of [this.#rings.stdout, this.#rings.stderr]) {
      new RingWriter(memory, () => {}).close()
    }
  }

  /** The next process finds nothing of the last. Both sides are through with the rings. */
  clean(): void {
    for (const memory of Object.values(this.#rings)) resetRing(memory)
    this.control.free()
  }

  /** `ended` tells when it is done. */
  terminate(): void {
    void this.#worker.terminate()
  }
}
