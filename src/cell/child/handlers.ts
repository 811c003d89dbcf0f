import type { Cell, CellProcess, PreparedModule, PreparedRoot } from '../../contract/cell.ts'
import type { Inlet, Outlet } from './stream.ts'
import {
  type Answer,
  type Arguments,
  type CellSettings,
  MAX_MESSAGE,
  STDERR,
  STDIN,
  STDOUT,
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
  open(settings: CellSettings): Cell
}

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
    stdin: args.hasInput ? call.input(STDIN) : undefined,
    stdout: (bytes) => stdout.write(bytes),
    stderr: (bytes) => stderr.write(bytes),
  })
  runs.set(call.id, process)
  try {
    const { message, files, ...exit } = await process.ended
    return { ...exit, message: message?.slice(0, MAX_MESSAGE) ?? null, files: [...files] }
  } finally {
    runs.delete(call.id)
  }
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
  kill: ({ runs }, { run, reason }) => {
    runs.get(run)?.kill(reason)
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
  stats: async ({ runs }, { run }) => (await runs.get(run)?.stats()) ?? null,
  inUse: ({ cell }) => cell.inUse(),
}
