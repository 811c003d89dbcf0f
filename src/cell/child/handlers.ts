import type {
  Cell,
  CellProcess,
  ExecProcess,
  PreparedModule,
  PreparedRoot,
} from '../../contract/cell.ts'
import { processGone } from '../refusals.ts'
import { serveTree } from './serve-tree.ts'
import type { Inlet, Outlet } from './stream.ts'
import {
  type Answer,
  type Arguments,
  type CellSettings,
  MAX_MESSAGE,
  STDERR,
  STDIN,
  STDOUT,
  TREE_BYTES,
  TREE_INPUT,
  TREE_VALUE,
  type Verb,
} from './verbs.ts'

/** One call on its way, as the cell sees it. */
export interface ServedCall {
  readonly id: number
  input(stream: number): Inlet
  output(stream: number): Outlet
}

/** What a cell's process holds between calls. */
export interface Served {
  cell: Cell
  readonly modules: Map<string, PreparedModule>
  readonly roots: Map<string, PreparedRoot>
  /** By the call that started each. */
  readonly runs: Map<number, CellProcess>
  /** Those beside them, in the same way. */
  readonly execs: Map<number, ExecProcess>
  /** How to give back an archive that is being sent, by the call that asked for it. */
  readonly archives: Map<number, () => Promise<void>>
  open(settings: CellSettings): Cell
}

/** A process that has ended has no number any more. */
const NOBODY = 0

type Handler<V extends Verb> = (
  served: Served,
  args: Arguments<V>,
  call: ServedCall,
) => Answer<V> | Promise<Answer<V>>

function held<T>(things: ReadonlyMap<string, T>, key: string): T {
  const thing = things.get(key)
  if (thing === undefined) throw new Error(`${key} was never prepared`)
  return thing
}

async function startProcess(
  { cell, modules, roots, runs }: Served,
  args: Arguments<'start'>,
  call: ServedCall,
): Promise<Answer<'start'>> {
  const [stdout, stderr] = [call.output(STDOUT), call.output(STDERR)]
  const process = cell.start({
    module: held(modules, args.module),
    root: held(roots, args.root),
    guest: args.guest,
    program: args.program ?? undefined,
    stdin: args.hasInput ? call.input(STDIN) : undefined,
    stdout: (bytes) => stdout.write(bytes),
    stderr: (bytes) => stderr.write(bytes),
    writableLayer: args.writableLayer ?? undefined,
  })
  runs.set(call.id, process)
  try {
    const { message, filesLoss, layerLoss, files, ...exit } = await process.ended
    const texts = { message: cut(message), filesLoss: cut(filesLoss), layerLoss: cut(layerLoss) }
    return { ...exit, ...texts, files: [...files] }
  } finally {
    runs.delete(call.id)
  }
}

const cut = (text: string | undefined): string | null => text?.slice(0, MAX_MESSAGE) ?? null

async function execProcess(
  { modules, runs, execs }: Served,
  args: Arguments<'exec'>,
  call: ServedCall,
): Promise<Answer<'exec'>> {
  const run = runs.get(args.run)
  if (run === undefined) throw processGone()
  const [stdout, stderr] = [call.output(STDOUT), call.output(STDERR)]
  const process = run.exec({
    module: held(modules, args.module),
    exec: args.exec,
    program: args.program ?? undefined,
    stdin: args.hasInput ? call.input(STDIN) : undefined,
    stdout: (bytes) => stdout.write(bytes),
    stderr: (bytes) => stderr.write(bytes),
  })
  execs.set(call.id, process)
  try {
    const { message, ...report } = await process.ended
    return { ...report, message: cut(message) }
  } finally {
    execs.delete(call.id)
  }
}

/** A process of either kind. */
const processOf = ({ runs, execs }: Served, call: number): CellProcess | ExecProcess | undefined =>
  runs.get(call) ?? execs.get(call)

async function listProcesses(
  { runs, execs }: Served,
  { run }: Arguments<'processes'>,
): Promise<Answer<'processes'>> {
  const rows = await runs.get(run)?.processes()
  const calls = new Map([...runs, ...execs].map(([call, { pid }]) => [pid, call]))
  return rows?.map((row) => ({ ...row, call: calls.get(row.pid) ?? null })) ?? null
}

async function answerTree(
  { cell, roots, runs, archives }: Served,
  args: Arguments<'tree'>,
  call: ServedCall,
): Promise<null> {
  const pid = args.run === null ? undefined : (runs.get(args.run)?.pid ?? NOBODY)
  const [value, bytes] = [call.output(TREE_VALUE), call.output(TREE_BYTES)]
  const leave = (archive: AsyncGenerator<unknown>) => async (): Promise<void> => {
    // First the way out: whoever waits for credit would wait for ever.
    for (const outlet of [value, bytes]) outlet.abandon()
    await archive.return(undefined)
  }
  try {
    await serveTree(
      cell,
      held(roots, args.root),
      pid,
      args,
      { input: call.input(TREE_INPUT), value, bytes },
      (archive) => archives.set(call.id, leave(archive)),
    )
  } finally {
    archives.delete(call.id)
  }
  return null
}

/** A row per verb, in the cell's process. */
export const HANDLERS: { readonly [V in Verb]: Handler<V> } = {
  open: (served, settings) => {
    served.cell = served.open(settings)
    return null
  },
  prepareModule: async ({ cell, modules }, source) => {
    const module = await cell.prepareModule(source)
    modules.set(module.digest, module)
    return { digest: module.digest }
  },
  prepareRoot: async ({ cell, roots }, { key, files }) => {
    roots.set(key, await cell.prepareRoot(key, async () => files))
    return null
  },
  drop: ({ modules, roots }, { what, key }) => {
    const things = { module: modules, root: roots }[what]
    things.delete(key)
    return null
  },
  start: startProcess,
  exec: execProcess,
  kill: (served, { run, reason }) => {
    processOf(served, run)?.kill(reason)
    return null
  },
  signal: (served, { run, signal }) => {
    processOf(served, run)?.signal(signal)
    return null
  },
  resize: (served, { run, size }) => {
    processOf(served, run)?.resize(size)
    return null
  },
  pause: async ({ runs }, { run }) => {
    await runs.get(run)?.pause()
    return null
  },
  unpause: ({ runs }, { run }) => {
    runs.get(run)?.unpause()
    return null
  },
  update: ({ runs }, { run, limits }) => {
    runs.get(run)?.update(limits)
    return null
  },
  tree: answerTree,
  leave: async ({ archives }, { run }) => {
    await archives.get(run)?.()
    return null
  },
  stats: async (served, { run }) => {
    const stats = await processOf(served, run)?.stats()
    // An exec counts none.
    return stats === undefined ? null : { processes: 0, ...stats }
  },
  processes: listProcesses,
  inUse: ({ cell }) => cell.inUse(),
}
