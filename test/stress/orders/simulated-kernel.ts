import type { Process } from '../../../src/kernel/process/process.ts'
import type { ContainerCgroup } from '../../../src/thread/container-cgroup.ts'
import type { Ground } from '../../../src/thread/container-ground.ts'
import type { ControlBlock } from '../../../src/thread/control-block.ts'
import type { HostBlock } from '../../../src/thread/host-block.ts'
import type { InitThread } from '../../../src/thread/init-thread.ts'
import { Launches } from '../../../src/thread/launches.ts'
import { type LiveTree, type PortsOf, replyTo } from '../../../src/thread/live-tree.ts'
import { MailboxServer, type Request, takeServe } from '../../../src/thread/mailbox.ts'
import { Members } from '../../../src/thread/members.ts'
import type { SignalPort } from '../../../src/thread/signal-port.ts'
import { fileEntry } from '../../support/process.ts'
import { containerOf, WASM } from '../../support/process-tree.ts'
import type { OrderMutant, SimulatedSeat } from './simulated-seat.ts'
import type { World } from './world.ts'

const quiet = (): void => {}

/** Does not see what lies there already. */
class LateServer extends MailboxServer {
  #looked = false

  override take(): Request | undefined {
    const looked = this.#looked
    this.#looked = true
    return looked ? super.take() : undefined
  }
}

/** Without bells: whoever has his turn looks. */
const signalsTo = (control: ControlBlock): SignalPort => ({
  handle: (signal, interrupts) => control.signal(signal, interrupts),
  end: (signal) => control.condemn('signal', signal),
  stop: () => control.stop(),
  resume: () => control.resume(),
})

interface KernelParts {
  readonly seat: SimulatedSeat
  readonly host: HostBlock
  readonly world: World
  readonly mutant: OrderMutant
  readonly pids: number
}

/** The kernel of a container, on the thread that has this seat: what `ProcessWorker` makes of it. */
export class SimulatedKernel {
  readonly init: Process
  readonly #members: Members
  readonly #parts: KernelParts
  readonly #container: ReturnType<typeof containerOf>
  #half = false

  constructor(parts: KernelParts) {
    this.#parts = parts
    const files = [fileEntry('/bin/prog', WASM, 0o755)]
    this.#container = containerOf({ files, pids: parts.pids })
    const { init, ledger, namespace } = this.#container
    this.init = init
    init.native = true
    const launches = new Launches({
      send: (order) => parts.seat.order(order),
      numberOf: (process) => this.#members.numberOf(process),
      pipes: undefined,
      look: () => {},
      frozen: false,
    })
    namespace.launcher = {
      thread: () => launches.thread(),
      replace: (...wanted) => launches.replace(...wanted),
      launch: (process, ...wanted) => {
        parts.world.born(process.args[0] ?? '', process.pid, process.parentPid)
        launches.launch(process, ...wanted)
      },
    }
    const group = { ledger, cpu: { spend: quiet } } as unknown as ContainerCgroup // what members use here
    const guest = { deterministic: undefined }
    const ground = { namespace, group, guest, ledger } as unknown as Ground // and these
    this.#members = new Members({ ground, random: quiet, launches, arena: undefined })
    const thread = { fuel: { hurry: quiet }, publish: quiet } as unknown as InitThread // and this of PID 1's
    this.#members.lead(init, thread)
  }

  get pids(): readonly number[] {
    return [...this.#container.namespace.processes.keys()]
  }

  /** There is something to look at. */
  get isAsked(): boolean {
    return this.#parts.seat.control.raised() || this.#members.any
  }

  /** What is done in every park and around every call, one half in each turn: others come in between. */
  look(): void {
    this.#half = !this.#half
    if (this.#half) this.#reply()
    else {
      takeServe(this.#parts.seat.control, () => this.#members.serve())
      this.#members.stir()
    }
  }

  #reply(): void {
    const { seat } = this.#parts
    if (!seat.control.takeAsked()) return
    for (const request of seat.asked.splice(0)) {
      if (request.generation !== seat.control.generation) continue
      const tree = { members: this.#members } as unknown as LiveTree // no files are asked for
      seat.reply(replyTo(tree, request, this.#portsOf))
    }
  }

  readonly #portsOf: PortsOf = {
    child: ({ slot, mailbox }) => {
      const control = this.#parts.host.control(slot)
      const Server = this.#parts.mutant === 'not-looked' ? LateServer : MailboxServer
      const server = new Server(mailbox, control.bell)
      return { slot, server, signals: signalsTo(control), cpuMs: () => control.cpuMs() }
    },
    member: () => {
      throw new Error('nobody comes from outside')
    },
  }

  /** PID 1 is no more. How many live on. */
  close(): number {
    const { namespace } = this.#container
    this.#members.close()
    namespace.discard(1)
    // Those whose workers were never told of are only in the table, which goes with it.
    return this.#members.any ? namespace.processes.size : 0
  }
}
