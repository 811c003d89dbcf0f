import { workerData } from 'node:worker_threads'
import { FLAG, WORD } from '../../../src/thread/control-block.ts'
import { type DelayPoint, park } from '../../../src/thread/doorbell.ts'
import { HostBlock } from '../../../src/thread/host-block.ts'
import {
  type Answer,
  MailboxClient,
  MailboxServer,
  type Request,
  takeServe,
} from '../../../src/thread/mailbox.ts'
import { threadId } from '../../../src/thread/thread-id.ts'
import { delays } from './delays.ts'
import { asleepAt, type MailPart, SERVER, SHARED, threadAt } from './mail-part.ts'

const OP = { ADD: 1, TAKE: 2, GIVE: 3 } as const
const BLOCKED = -1
/** Loads between two looks of a server that computes. */
const COMPUTE = 2_000

const EMPTY = new Uint8Array()
const plain = (result: number, data: Uint8Array = EMPTY): Answer => ({ result, numbers: [], data })

/** A counter and one token, which a client that ends gives back. */
class Kernel {
  holder: number | undefined
  readonly #waiting = new Set<number>()
  readonly #servers: readonly MailboxServer[]

  constructor(servers: readonly MailboxServer[]) {
    this.#servers = servers
  }

  call(client: number, { op, args, data }: Request): Answer {
    if (op === OP.ADD) {
      const sum = Number(args[0]) + Number(args[1])
      return plain(
        sum,
        data.map((byte) => byte ^ 0x5a),
      )
    }
    if (op === OP.GIVE) {
      this.giveBack(client)
      return plain(0)
    }
    if (this.holder === undefined) {
      this.holder = client
      return plain(0)
    }
    this.#waiting.add(client)
    return plain(BLOCKED)
  }

  giveBack(client: number): void {
    this.#waiting.delete(client)
    if (this.holder !== client) return
    this.holder = undefined
    const waiting = [...this.#waiting]
    this.#waiting.clear()
    for (const one of waiting) this.#servers[one]?.notify()
  }
}

function serve(part: MailPart, delay: DelayPoint): void {
  const host = new HostBlock(part.host)
  const control = host.control(0)
  const words = new Int32Array(part.words)
  const servers = part.mailboxes.map(
    (memory, index) => new MailboxServer(memory, host.control(index + 1).bell, delay),
  )
  const kernel = new Kernel(servers)
  const gone = new Set<number>()
  const look = (): void => {
    for (const [index, server] of servers.entries()) {
      if (Atomics.load(words, SHARED.ENDED + index) !== 0 && !gone.has(index)) {
        gone.add(index)
        kernel.giveBack(index)
      }
      const request = gone.has(index) ? undefined : server.take()
      if (request !== undefined) server.answer(kernel.call(index, request))
    }
  }
  const raised = (): void => {
    if (part.mutant !== 'clear-late') takeServe(control, look, delay)
    else if ((Atomics.load(control.bell.words, WORD.FLAGS) & FLAG.SERVE) !== 0) {
      look()
      delay('seen')
      control.takeServe()
    }
  }
  for (;;) {
    Atomics.add(words, SHARED.TURNS, 1)
    if (part.computing) {
      for (let load = 0; load < COMPUTE; load += 1) Atomics.load(words, 0)
      raised()
    } else {
      const changed = (): boolean => {
        raised()
        return false
      }
      park(control.bell, changed, Number.POSITIVE_INFINITY, delay)
    }
  }
}

function ask(part: MailPart, delay: DelayPoint): void {
  const host = new HostBlock(part.host)
  const control = host.control(0)
  const own = host.control(part.index + 1).bell
  const words = new Int32Array(part.words)
  const memory = part.mailboxes[part.index]
  if (memory === undefined) return
  const early = part.mutant === 'raise-early'
  const server = { bell: control.bell, serve: () => early || control.serve() }
  const client = new MailboxClient(memory, server, delay)
  const call = (request: Request): Answer | undefined => {
    if (early) {
      control.serve()
      delay('published')
    }
    client.ask(request)
    park(own, () => client.answered || client.gone, Number.POSITIVE_INFINITY, delay)
    if (!client.answered) return undefined
    Atomics.add(words, SHARED.ANSWERED, 1)
    return client.answer()
  }
  let state = part.seed | 1
  const random = (): number => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return state
  }
  const round = (): boolean => {
    const [a, b] = [random() >> 8, random() >> 8]
    const data = Uint8Array.from({ length: random() & 63 }, random)
    const sum = call({ op: OP.ADD, args: [a, BigInt(b)], data })
    if (sum === undefined) return false
    const right = data.every((byte, at) => sum.data[at] === (byte ^ 0x5a))
    if (sum.result !== a + b || sum.data.length !== data.length || !right) {
      Atomics.add(words, SHARED.WRONG, 1)
    }
    return takeAndGive()
  }
  const takeAndGive = (): boolean => {
    for (;;) {
      const seen = client.event
      const taken = call({ op: OP.TAKE, args: [], data: EMPTY })
      if (taken === undefined) return false
      if (taken.result !== BLOCKED) break
      park(own, () => client.event !== seen || client.gone, Number.POSITIVE_INFINITY, delay)
      if (client.gone) return false
    }
    return call({ op: OP.GIVE, args: [], data: EMPTY }) !== undefined
  }
  while (round());
  Atomics.add(words, SHARED.GONE, 1)
}

const part = workerData as MailPart // what the test hands over
const thread = part.role === 'server' ? SERVER : part.index
Atomics.store(new Int32Array(part.words), threadAt(part, thread), threadId())
const whereabouts = { asleep: part.words, index: asleepAt(part, thread) }
const delay = delays(part.seed, part.delay, whereabouts)
if (part.role === 'server') serve(part, delay)
else ask(part, delay)
delay('sleeping')
