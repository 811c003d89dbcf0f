import { receiveMessageOnPort } from 'node:worker_threads'
import { EngineError } from '../contract/errors.ts'
import type { Limits } from '../contract/limits.ts'
import type { LayerParts } from '../kernel/mount/layer-view.ts'
import { PIPE_BYTES } from '../kernel/process/pipe.ts'
import type { Lendable } from './borrower.ts'
import { RingReader, RingWriter } from './byte-ring.ts'
import type { ControlBlock } from './control-block.ts'
import { type Bell, park } from './doorbell.ts'
import { FuelPool } from './fuel-pool.ts'
import type { GuestPorts, ThreadPorts } from './guest-ports.ts'
import { HostBlock } from './host-block.ts'
import { IdleHeap, ownHeap } from './idle-heap.ts'
import { KeptForNext } from './kept-for-next.ts'
import { type LiveRequest, type LiveTree, type PortsOf, replyTo } from './live-tree.ts'
import { MailboxClient, takeServe } from './mailbox.ts'
import type { PlainOrder } from './order.ts'
import { OutputBatch, type Telling } from './output-batch.ts'
import { PipeRing } from './pipe-ring.ts'
import { tellPlainly } from './plain-end.ts'
import type {
  InitTask,
  ProcessOutcome,
  ProcessTask,
  ProgramMessage,
  Seat,
  SeatMessage,
  SecondaryTask,
  TaskModule,
} from './process-task.ts'
import type { Program } from './program.ts'
import { type GuestEnd, type GuestRun, runGuest } from './run-guest.ts'
import { CpuSeat, RunQueue } from './run-queue.ts'
import {
  runSecondary,
  type SecondaryEnd,
  type SecondaryPorts,
  type SecondaryRun,
} from './run-secondary.ts'
import { AT_ITS_END, seatPorts, signalsTo } from './seat-ports.ts'
import { Stock } from './stock.ts'
import { threadCpuClock } from './thread-cpu.ts'
import { threadId } from './thread-id.ts'

/** What runs one guest to its end: the product's, or a test's that stops at a certain moment. */
export interface RunTasks {
  readonly init: (run: GuestRun, ports: GuestPorts, kept: KeptForNext) => GuestEnd
  readonly secondary: (run: SecondaryRun, ports: SecondaryPorts, kept: KeptForNext) => SecondaryEnd
}
const PRODUCT: RunTasks = { init: runGuest, secondary: runSecondary }

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

interface Looks {
  /** What is asked in a sleep, in place of `changed`. */
  readonly around: (changed: () => boolean) => () => boolean
  readonly raised: () => boolean
}

/** A worker's side of its seat. */
class ProcessWorker {
  readonly #seat: Seat
  readonly #run: RunTasks
  readonly #host: HostBlock
  readonly #control: ControlBlock
  readonly #queue: RunQueue
  readonly #bells = new Map<number, Bell>()
  readonly #seatPorts: PortsOf
  readonly #modules = new Stock<TaskModule>()
  readonly #roots = new Stock<LayerParts>()
  readonly #kept = new KeptForNext()
  readonly #idleHeap: IdleHeap
  /** Of a thread that is paused: it must use no CPU. */
  readonly #still: IdleHeap
  /** Of the process that runs. */
  #tree: LiveTree | undefined
  #next: ProgramMessage | undefined
  #limits: Partial<Limits> | undefined
  /** A worker is one thread for its whole life. */
  readonly #cpuClock = threadCpuClock()

  constructor(seat: Seat, run: RunTasks) {
    this.#seat = seat
    this.#run = run
    this.#host = new HostBlock(seat.host)
    this.#seatPorts = seatPorts(this.#host)
    this.#control = this.#host.control(seat.slot)
    this.#control.thread = threadId()
    this.#idleHeap = new IdleHeap(this.#control.bell, ownHeap())
    this.#still = new IdleHeap(this.#control.bell, undefined)
    this.#queue = new RunQueue(seat.queue, this.#bellOf)
  }

  /** One process after another, until the thread is ended from outside. */
  async serve(): Promise<never> {
    this.#control.enter('free')
    this.#mark()
    for (;;) {
      const task = this.#nextTask()
      this.#control.begin()
      const outcome = this.#runProcess(task)
      // The words are the next process's as soon as the outcome is there.
      this.#control.enter('zombie')
      if (!tellPlainly(this.#control, outcome)) this.#seat.port.postMessage(outcome)
      this.#mark()
      this.#kept.memory.wipe()
      // What V8 and Node do between two turns of the event loop must be done some time.
      await nextTurn()
    }
  }

  /** Kept: whoever uses a pipe rings with every piece. */
  readonly #bellOf = (slot: number): Bell => {
    let bell = this.#bells.get(slot)
    if (bell === undefined) {
      bell = this.#host.control(slot).bell
      this.#bells.set(slot, bell)
    }
    return bell
  }

  #mark(): void {
    this.#host.mark(this.#seat.slot)
  }

  readonly #telling: Telling = {
    mark: () => this.#mark(),
    note: () => this.#host.note(this.#seat.slot),
  }

  #nextTask(): ProcessTask {
    let task: ProcessTask | undefined
    const arrived = (): boolean => {
      const message = this.#received()
      if (message === undefined) return false
      // Limits and programs for a process that has ended meanwhile are nobody's; a module is kept.
      if ('next' in message) this.#modules.take(message.next)
      else if (!('limits' in message)) task = message
      return task !== undefined
    }
    for (;;) {
      park(this.#control.bell, arrived, Number.POSITIVE_INFINITY)
      if (task !== undefined) return task
    }
  }

  /** The next message of the cell, which sends nothing else. */
  #received(): SeatMessage | undefined {
    const received: { readonly message: unknown } | undefined = receiveMessageOnPort(
      this.#seat.port,
    )
    return received?.message as SeatMessage | undefined
  }

  /** The program that the process goes on as: it was sent before the answer that makes it go on. */
  #nextProgram(): Program {
    this.#takeMessages()
    const message = this.#next
    this.#next = undefined
    if (message === undefined) throw new TypeError('no program was sent')
    return this.#modules.take(message.next)
  }

  #changedLimits(): Partial<Limits> | undefined {
    if (this.#control.told()) this.#takeMessages()
    const limits = this.#limits
    this.#limits = undefined
    return limits
  }

  /** While a process runs, limits and programs are all that comes. */
  #takeMessages(): void {
    for (;;) {
      const message = this.#received()
      if (message === undefined) return
      if ('limits' in message) this.#limits = { ...this.#limits, ...message.limits }
      if ('next' in message) this.#next = message
    }
  }

  #runProcess(task: ProcessTask): ProcessOutcome {
    try {
      return task.role === 'init' ? this.#runInit(task) : this.#runSecondary(task)
    } catch (error) {
      // Anything else is a fault of ours: this thread is not to be trusted again.
      if (!(error instanceof EngineError)) throw error
      return { ok: false, code: error.code, message: error.message }
    } finally {
      this.#tree = undefined
      this.#next = undefined
      this.#limits = undefined
    }
  }

  #runInit(task: InitTask): ProcessOutcome {
    const quietly = (): void => {}
    try {
      const { module, manifest } = this.#modules.take(task.module)
      const run = {
        module,
        manifest,
        root: this.#roots.take(task.root),
        guest: task.guest,
        program: task.program,
        writableLayer: task.writableLayer,
      }
      const ports = this.#initPorts(task)
      this.#control.enter('running')
      const { report, files, filesLoss, keep } = this.#run.init(run, ports, this.#kept)
      // Over, but for its files: nobody ends this thread meanwhile for a guest that does not die.
      this.#control.enter('zombie')
      this.#tree = undefined
      return { ok: true, report, files, filesLoss, layerLoss: keep?.(), unpaidUs: 0 }
    } finally {
      // The mark that follows tells of both.
      new RingWriter(this.#seat.stdout, quietly).close()
      new RingWriter(this.#seat.stderr, quietly).close()
    }
  }

  /** Its container's kernel writes to its output, and whoever tells that of its end closes it. */
  #runSecondary({ module, spec, mailbox, pipes, kernelSlot, fuel }: SecondaryTask): ProcessOutcome {
    const client = new MailboxClient(mailbox, this.#host.control(kernelSlot))
    const run = { ...this.#modules.take(module), spec }
    const output = new OutputBatch(this.#telling, performance.now())
    const lendable = pipes && this.#lendable(pipes, output)
    const looks: Looks = { around: (changed) => changed, raised: () => this.#control.raised() }
    const ports = { ...this.#threadPorts(fuel, kernelSlot, output, looks), client, lendable }
    this.#control.enter('running')
    const { report, unpaidUs } = this.#run.secondary(run, ports, this.#kept)
    const nothing = { files: new Map(), filesLoss: undefined, layerLoss: undefined }
    return { ok: true, report, ...nothing, unpaidUs }
  }

  /** The rings are its seat's, and nobody else uses an end while it has it. */
  #lendable(memory: SharedArrayBuffer, output: OutputBatch): Lendable {
    const { stdin, stdout, stderr } = this.#seat
    const pipes = { memory, capacity: PIPE_BYTES }
    return {
      pipeOf: (index) => new PipeRing({ ...pipes, index }, this.#bellOf),
      streams: {
        stdin: new RingReader(stdin, () => this.#mark()),
        stdout: output.writer(stdout),
        stderr: output.writer(stderr),
      },
    }
  }

  /** Somebody may want something for whom no flag is put up. */
  get #mustLook(): boolean {
    const members = this.#tree?.members
    if (members === undefined) return false
    return members.any || members.hasTerminals || members.nextTimer !== undefined
  }

  /**
   * A flag is up. What was asked is answered here: the guest is outside of every kernel call. Before
   * there is a tree, the flag stays up and the question waits.
   */
  #raised(): boolean {
    const tree = this.#tree
    if (tree !== undefined && this.#control.raised() && this.#control.takeAsked()) this.#reply(tree)
    // Not only where there is a tree: what came late for the last container is nobody's. And once, so
    // that members who ask without end do not hold up PID 1.
    tree?.members.pump()
    takeServe(this.#control, () => tree?.members.serve())
    // In every park and around every call: what somebody waits for may have come with it.
    tree?.members.stir()
    return this.#control.raised()
  }

  /** What is typed may be what is waited for. */
  #looking(changed: () => boolean, output: OutputBatch): () => boolean {
    return () => {
      this.#tree?.members.pump()
      const answer = changed()
      output.looked()
      return answer
    }
  }

  /** As `park`, and wakes for each timer that is due meanwhile: whoever looks lets it send. */
  #parkServing(looking: () => boolean, deadline: number, idle: IdleHeap): boolean {
    let now = performance.now()
    idle.sleep(now)
    for (;;) {
      const members = this.#tree?.members
      const timer = members?.nextTimer
      const until = now + (members?.untilTimer ?? Number.POSITIVE_INFINITY)
      let answer = false
      const stop = (): boolean => {
        answer = looking()
        // What is served while it looks may set a timer.
        return answer || members?.nextTimer !== timer || idle.disturbed
      }
      park(this.#control.bell, stop, Math.min(deadline, until, idle.due))
      now = performance.now()
      if (answer || deadline <= now) return answer
      idle.wake(now)
    }
  }

  #order(order: PlainOrder): void {
    const { bytes } = order.program
    const moved = bytes === undefined ? [] : [bytes.buffer as ArrayBuffer] // a copy of its own
    this.#seat.questions.postMessage({ ...order, generation: this.#control.generation }, moved)
  }

  #reply(tree: LiveTree): void {
    for (;;) {
      const received = receiveMessageOnPort(this.#seat.questions)
      if (received === undefined) return
      const request = received.message as LiveRequest // the cell sends nothing else
      if (request.generation !== this.#control.generation) continue
      const reply = replyTo(tree, request, this.#seatPorts)
      this.#seat.questions.postMessage(reply)
    }
  }

  /**
   * @param group - the slot of its container's PID 1.
   * @param output - of its streams, told of in batches.
   * @param looks - how it looks around in its sleep, and whether a flag is up.
   */
  #threadPorts(
    fuel: SharedArrayBuffer | undefined,
    group: number,
    output: OutputBatch,
    looks: Looks,
  ): ThreadPorts {
    const control = this.#control
    const { slot } = this.#seat
    return {
      cpuClock: this.#cpuClock,
      fuelPool: fuel && new FuelPool(fuel),
      nextProgram: () => this.#nextProgram(),
      cpuSeat: () => new CpuSeat(this.#queue, slot, group),
      waiter: {
        park: (changed, deadline, as = 'blocked') => {
          output.tell(performance.now())
          const looking = looks.around(changed)
          return this.#sleep(as, (idle) => this.#parkServing(looking, deadline, idle))
        },
      },
      control: {
        raised: looks.raised,
        condemned: () => control.condemned(),
        takeSignals: () => control.takeSignals(),
        pausing: () => control.pausing(),
        changedLimits: () => this.#changedLimits(),
        publish: (counters) => {
          const now = performance.now()
          control.publish(counters, now)
          output.atSafepoint(now)
        },
      },
    }
  }

  /** Its container's kernel is here: it looks for others too. */
  #initPorts({ hasInput, fuel }: InitTask): GuestPorts {
    const control = this.#control
    const { slot, stdin, stdout, stderr } = this.#seat
    const output = new OutputBatch(this.#telling, performance.now())
    const ports = this.#threadPorts(fuel, slot, output, {
      around: (changed) => this.#looking(changed, output),
      raised: () => (control.raised() || this.#mustLook) && this.#raised(),
    })
    // Field by field, as all that a short run makes: docs/rationale/house.md.
    const { cpuClock, fuelPool, nextProgram, cpuSeat, waiter } = ports
    return {
      cpuClock,
      fuelPool,
      nextProgram,
      cpuSeat,
      waiter,
      control: ports.control,
      stdin: hasInput ? new RingReader(stdin, () => this.#mark()) : AT_ITS_END,
      stdout: output.writer(stdout),
      stderr: output.writer(stderr),
      signals: signalsTo(control),
      place: { slot, bellOf: this.#bellOf },
      order: (order) => this.#order(order),
      serves: (tree) => {
        this.#tree = tree
      },
    }
  }

  #sleep(as: 'blocked' | 'paused', sleep: (idle: IdleHeap) => boolean): boolean {
    this.#control.enter(as)
    // Somebody waits for it.
    if (as === 'paused') this.#mark()
    const answer = sleep(as === 'paused' ? this.#still : this.#idleHeap)
    this.#control.enter('running')
    return answer
  }
}

/** What a worker of a cell does all its life. */
export const serve = (seat: Seat, run: Partial<RunTasks> = {}): Promise<never> =>
  new ProcessWorker(seat, { ...PRODUCT, ...run }).serve()
