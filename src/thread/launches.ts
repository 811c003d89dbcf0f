import { Errno } from '../contract/errno.ts'
import { OverlayVnode } from '../kernel/mount/overlay.ts'
import type { Launch, LaunchAnswer, Launcher, Program } from '../kernel/process/launcher.ts'
import type { Process } from '../kernel/process/process.ts'
import { MemberThread } from './member-thread.ts'
import type { ChildSeat, OrderAnswer, OrderedProgram, PlainOrder } from './order.ts'

export interface LaunchesParts {
  /** Sends it to the cell; the bytes of its program may be moved. Undefined: there is no cell. */
  readonly send: ((order: PlainOrder) => void) | undefined
  /** As a `MemberThread` has it. */
  readonly look: () => void
  /** What the cell knows a process by; 0: PID 1. */
  numberOf(process: Process): number
  /** The container's pipes. */
  readonly pipes: (() => SharedArrayBuffer) | undefined
  /** Clocks stand still: no time tells one state of a file from the next. */
  readonly frozen: boolean
}

/** A process that this kernel has started. */
export interface Seated {
  readonly process: Process
  readonly thread: MemberThread
  readonly child: ChildSeat
  /** False: the kernel will not have it. */
  readonly begins: boolean
}

interface Open {
  readonly launch: Launch
  readonly program: Program
  readonly process: Process
  readonly order: PlainOrder
}

const NO_LOWER = -1

/** What a container's kernel has ordered of its cell and has not got yet. */
export class Launches implements Launcher<Process> {
  readonly #parts: LaunchesParts
  readonly #open = new Map<number, Open>()
  #last = 0

  constructor(parts: LaunchesParts) {
    this.#parts = parts
  }

  thread(): MemberThread {
    return new MemberThread(this.#parts.look)
  }

  launch(process: Process, program: Program, launch: Launch): void {
    this.#order({ process, program, launch }, undefined)
  }

  replace(process: Process, program: Program, launch: Launch): void {
    this.#order({ process, program, launch }, this.#parts.numberOf(process))
  }

  #order(wanted: Omit<Open, 'order'>, replaces: number | undefined): void {
    this.#last += 1
    const { args, environment } = wanted.process
    const program = this.#named(wanted.program)
    const pipes = this.#parts.pipes?.()
    const order = { order: this.#last, replaces, program, pipes, args, environment }
    const open: Open = { ...wanted, order }
    this.#open.set(order.order, open)
    this.#send(open)
  }

  #named({ file, stat }: Program): OrderedProgram {
    const { vnode } = file
    const inImage = vnode instanceof OverlayVnode && vnode.upper === undefined
    if (inImage && vnode.lower !== NO_LOWER) {
      return { image: vnode.lower, file: undefined, bytes: undefined }
    }
    const { device, inode, size, modified, changed } = stat
    const state = `${device} ${inode} ${size} ${modified} ${changed}`
    return { image: undefined, file: this.#parts.frozen ? undefined : state, bytes: undefined }
  }

  /** What the cell says to an order: a process that has a worker from now on, if that is what it says. */
  ordered(order: number, answer: OrderAnswer): Seated | undefined {
    const open = this.#open.get(order)
    if (open === undefined) return undefined
    if (!answer.ok && answer.errno === 'bytes') {
      this.#sendBytes(open)
      return undefined
    }
    this.#open.delete(order)
    const told = open.launch.tell(answer as LaunchAnswer) // all but `bytes`
    const { process } = open
    const { thread } = process
    if (!answer.ok) return undefined
    if (answer.child === undefined) {
      if (told.ok) thread.become()
      return undefined
    }
    // Also one that is not to begin after all has a worker by now, which is to be told so.
    return thread instanceof MemberThread
      ? { process, thread, child: answer.child, begins: told.ok }
      : undefined
  }

  #sendBytes(open: Open): void {
    const bytes = open.program.bytes()
    if (bytes.ok) {
      this.#send(open, bytes.value)
      return
    }
    this.#open.delete(open.order.order)
    open.launch.tell(bytes)
  }

  #send({ order }: Open, bytes?: Uint8Array): void {
    const { send } = this.#parts
    if (send === undefined) this.ordered(order.order, { ok: false, errno: Errno.NOSYS })
    else send({ ...order, program: { ...order.program, bytes } })
  }
}
