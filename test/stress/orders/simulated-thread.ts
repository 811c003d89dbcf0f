import {
  EXIT_CODE_OF,
  type ExitReport,
  SIGNAL_EXIT,
  type Usage,
} from '../../../src/contract/exit.ts'
import { SIGKILL } from '../../../src/contract/signals.ts'
import type { HostBlock } from '../../../src/thread/host-block.ts'
import { MailboxClient } from '../../../src/thread/mailbox.ts'
import { OwnCalls, RemoteCalls } from './calls.ts'
import { Guest } from './guest.ts'
import type { Actor, Schedule } from './schedule.ts'
import { SimulatedKernel } from './simulated-kernel.ts'
import type { OrderMutant, SimulatedSeat, Task } from './simulated-seat.ts'
import type { World } from './world.ts'

const INIT_ACTS = 14
const MEMBER_ACTS = 5
const CODE_SHIFT = 8
/** The codes of ends that are not the guest's own. */
const ENDS = {
  exit: undefined,
  signal: SIGNAL_EXIT + SIGKILL,
  killed: EXIT_CODE_OF.killed,
} as const

export interface ThreadParts {
  readonly seat: SimulatedSeat
  readonly host: HostBlock
  readonly schedule: Schedule
  readonly mutant: OrderMutant
  readonly pids: number
  /** Of the container with this name, whose kernel is this one from now on. */
  worldOf(
    id: string,
    kernel?: SimulatedKernel,
  ): { world: World; kernel: SimulatedKernel | undefined }
}

interface Run {
  readonly guest: Guest
  readonly world: World
  readonly name: string
  /** On this thread. */
  readonly kernel: SimulatedKernel | undefined
  readonly calls: RemoteCalls | undefined
}

/** What the thread of a seat does: one process after another, one thing in each turn. */
export class SimulatedThread implements Actor {
  readonly #parts: ThreadParts
  #run: Run | undefined
  #report: Pick<ExitReport, 'reason' | 'exitCode'> | undefined

  constructor(parts: ThreadParts) {
    this.#parts = parts
    parts.schedule.add(this)
  }

  get #condemned() {
    return this.#parts.seat.control.condemned()
  }

  ready(): boolean {
    const { seat } = this.#parts
    const run = this.#run
    if (run === undefined) return seat.control.state() === 'starting' || seat.tasks.length > 0
    if (this.#report !== undefined || this.#condemned !== undefined) return true
    if (run.kernel?.isAsked === true) return true
    return seat.control.pausing() ? seat.control.state() !== 'paused' : run.guest.ready
  }

  act(): void {
    const { seat } = this.#parts
    if (this.#run === undefined) this.#begin()
    else if (this.#report !== undefined) this.#leave(this.#run, this.#report)
    else {
      this.#run.kernel?.look()
      const { reason } = this.#condemned ?? {}
      if (reason !== undefined) this.#end(reason === 'signal' ? 'signal' : 'killed', SIGKILL)
      else if (seat.control.pausing()) {
        seat.control.enter('paused')
        seat.mark()
      } else this.#go(this.#run)
    }
  }

  #begin(): void {
    const { seat } = this.#parts
    const task = seat.tasks.shift()
    if (task === undefined) {
      // It has just started.
      seat.control.enter('free')
      seat.mark()
      return
    }
    seat.control.begin()
    this.#run = task.role === 'init' ? this.#initOf(task) : this.#memberOf(task)
    seat.control.enter('running')
  }

  #initOf({ guest: { hostname } }: Extract<Task, { role: 'init' }>): Run {
    const { host, mutant, pids, schedule, seat, worldOf } = this.#parts
    const { world } = worldOf(hostname)
    const kernel = new SimulatedKernel({ seat, host, world, mutant, pids })
    worldOf(hostname, kernel)
    const calls = new OwnCalls(kernel.init)
    const parts = { schedule, world, calls, pids: () => kernel.pids, pid: () => 1 }
    const name = hostname
    const guest = new Guest({ ...parts, name, acts: INIT_ACTS, isInit: true })
    return { guest, world, name, kernel, calls: undefined }
  }

  #memberOf({ spec, mailbox, kernelSlot }: Extract<Task, { role: 'secondary' }>): Run {
    const { host, schedule, worldOf } = this.#parts
    const name = spec.args[0] ?? ''
    const { world, kernel } = worldOf(name.split('/')[0] ?? '')
    const calls = new RemoteCalls(new MailboxClient(mailbox, host.control(kernelSlot)))
    const pids = (): readonly number[] => kernel?.pids ?? []
    const parts = { schedule, world, calls, pids, pid: () => world.pidOf(name) }
    const acts = schedule.random(MEMBER_ACTS)
    const guest = new Guest({ ...parts, name, acts, isInit: false })
    return { guest, world, name, kernel: undefined, calls }
  }

  #go({ guest, calls, world }: Run): void {
    const { seat } = this.#parts
    if (!guest.ready) {
      seat.control.enter('blocked')
      return
    }
    seat.control.enter('running')
    if (calls?.gone === true) {
      this.#end('killed', SIGKILL)
      return
    }
    guest.act()
    if (guest.replaced) {
      if (!seat.next) world.accuse('no program was sent')
      guest.replaced = false
      seat.next = false
    }
    if (guest.status !== undefined) this.#end('exit', guest.status)
  }

  /** It leaves its guest, and nobody knows so far. */
  #end(reason: keyof typeof ENDS, status: number): void {
    const run = this.#run
    if (run === undefined) return
    const { kernel, name, world } = run
    if (reason !== 'exit') world.counted.cutShort += 1
    this.#report = { reason, exitCode: ENDS[reason] ?? status >> CODE_SHIFT }
    if (kernel === undefined) world.ended(name, status, reason === 'signal')
    else world.left(kernel.close())
    this.#parts.seat.control.enter('zombie')
  }

  #leave({ kernel }: Run, report: Pick<ExitReport, 'reason' | 'exitCode'>): void {
    const { seat } = this.#parts
    this.#run = undefined
    this.#report = undefined
    seat.next = false
    if (kernel !== undefined) seat.closeOutput()
    const usage = { cpuMs: 0, fuel: 0n } as Usage // what is asked of it
    const whole: ExitReport = { ...report, message: undefined, oomKilled: false, usage }
    seat.leave({
      ok: true,
      report: whole,
      files: new Map(),
      filesLoss: undefined,
      layerLoss: undefined,
      unpaidUs: 0,
    })
  }

  /** The thread is ended by force. */
  exit(): void {
    this.#parts.schedule.remove(this)
    if (this.#run !== undefined) this.#run.world.counted.terminated += 1
  }
}
