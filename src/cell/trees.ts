import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { MessageChannel, type MessagePort } from 'node:worker_threads'
import { Piscina } from 'piscina'
import { EngineError } from '../contract/errors.ts'
import {
  roomOf,
  type Tree,
  type TreeAnswer,
  type TreeRequest,
  type TreeValues,
  type TreeVerb,
} from '../contract/tree.ts'
import type { LayerParts } from '../kernel/mount/layer-view.ts'
import type { LiveAnswers, LiveRequest } from '../thread/live-tree.ts'
import { PieceReceiver, PieceSender } from '../thread/piece-port.ts'
import type { Staged, StageTask, TreeTask } from '../thread/tree/tree-task.ts'

type LiveVerb = LiveRequest['verb']
type Unaddressed<R> = R extends LiveRequest ? Omit<R, 'id' | 'generation'> : never
export type QuestionOf<V extends LiveVerb> = { readonly verb: V } & Unaddressed<
  Extract<LiveRequest, { readonly verb: V }>
>
/** Asks the worker of a running process. EngineError PROCESS_GONE. */
export type Ask = <V extends LiveVerb>(question: QuestionOf<V>) => Promise<LiveAnswers[V]>

type Pieces = AsyncIterable<Uint8Array>

/** Trees are read and written two at a time; while a client takes its time, others go on. */
const THREADS = 2
const AT_ONCE = 64
const IDLE_MS = 10_000
const HEAP_MB = 1_024

/** A port for a task, and the pieces of `input` on their way into it. */
function feed(input: Pieces): MessagePort {
  const { port1, port2 } = new MessageChannel()
  const sender = new PieceSender(port1)
  sender.stream(input).then(
    () => sender.end(),
    (error: unknown) => sender.fail(error),
  )
  return port2
}

async function* nothing(): AsyncGenerator<Uint8Array, void, undefined> {}

/** The cell's threads for trees: what is asked of a container's files is answered there. */
export class Trees {
  readonly #pool: Piscina
  readonly #scratch: string

  constructor(entry: string, scratch: string) {
    this.#scratch = scratch
    this.#pool = new Piscina({
      filename: entry,
      minThreads: 0,
      maxThreads: THREADS,
      concurrentTasksPerWorker: AT_ONCE,
      idleTimeout: IDLE_MS,
      env: {},
      atomics: 'disabled',
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
    })
  }

  get threads(): number {
    return this.#pool.threads.length
  }

  async close(): Promise<void> {
    await this.#pool.destroy()
  }

  /** @param ask - of the process that runs in the container; undefined where none does. */
  async answer(
    tree: Tree,
    root: LayerParts,
    request: TreeRequest,
    ways: { readonly ask: Ask | undefined; readonly input: Pieces | undefined },
  ): Promise<TreeAnswer<TreeVerb>> {
    const { ask, input = nothing() } = ways
    const { guest, writableLayer } = tree
    const resting = { guest, writableLayer }
    if (ask === undefined) return await this.#resting(resting, root, request, input, false)
    if (request.verb === 'put') {
      await this.#put(tree, request, ask, input)
      return { value: undefined, bytes: nothing() }
    }
    mkdirSync(this.#scratch, { recursive: true })
    const copy = join(this.#scratch, randomBytes(16).toString('hex'))
    await ask({ verb: 'copy', file: copy })
    return await this.#resting({ guest, writableLayer: copy }, root, request, input, true)
  }

  async #resting(
    tree: TreeTask['tree'],
    root: LayerParts,
    request: TreeRequest,
    input: Pieces,
    borrowed: boolean,
  ): Promise<TreeAnswer<TreeVerb>> {
    const { port1, port2 } = new MessageChannel()
    const given = request.verb === 'put' ? feed(input) : undefined
    const task: TreeTask = { root, tree, request, borrowed, out: port2, input: given }
    const transferList = given === undefined ? [port2] : [port2, given]
    const receiver = new PieceReceiver(port1)
    // What goes wrong in the task is said in the port; a thread that dies closes it.
    this.#pool.run(task, { name: 'treeTask', transferList }).catch(() => port1.close())
    const value = await receiver.value()
    // What the task of that verb answers.
    return { value: value as TreeValues[TreeVerb], bytes: receiver.bytes() }
  }

  /** The archive is read whole here, and put in by the process itself, between two of its steps. */
  async #put(
    tree: Tree,
    { path, rules }: TreeRequest & { readonly verb: 'put' },
    ask: Ask,
    input: Pieces,
  ): Promise<void> {
    const given = feed(input)
    const task: StageTask = { room: roomOf(tree), input: given }
    const done: unknown = await this.#pool.run(task, { name: 'stageTask', transferList: [given] })
    const staged = done as Staged // what the task of that name returns
    if (!staged.ok) throw new EngineError(staged.code, staged.message)
    await ask({ verb: 'put', path, rules, entries: staged.entries })
  }
}
