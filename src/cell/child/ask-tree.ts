import { EngineError } from '../../contract/errors.ts'
import type { TreeAnswer, TreeRequest, TreeVerb } from '../../contract/tree.ts'
import { treeValueOf } from './answers.ts'
import { BodyParts, unpacked } from './body.ts'
import { type Call, CellLost, type Connection } from './connection.ts'
import { Feed } from './feed.ts'
import { ProtocolError } from './frame.ts'
import { TREE_BYTES, TREE_INPUT, TREE_VALUE, type TreeArguments } from './verbs.ts'

/** What is said of a tree beside its archive: a list of changes has a line for each file. */
const MOST_VALUE = 2 ** 26

const lost = (): EngineError =>
  new EngineError('CELL_LOST', 'the process in which containers run died over this request')

async function saidOf<V extends TreeVerb>(verb: V, call: Call<'tree'>) {
  const parts = new BodyParts(MOST_VALUE)
  let some = false
  for await (const piece of call.from(TREE_VALUE)) {
    parts.add(piece)
    some = true
  }
  // Without a value there is an error, and the answer has it.
  if (!some) await call.answer
  return treeValueOf(verb, unpacked(parts.whole()))
}

/** The archive; who stops reading it tells the cell. */
async function* archiveOf(
  cell: Connection,
  call: Call<'tree'>,
): AsyncGenerator<Uint8Array, void, undefined> {
  let whole = false
  try {
    for await (const piece of call.from(TREE_BYTES)) yield piece
    // What went wrong on the way is said at the end.
    await call.answer.catch((error: unknown) => {
      throw error instanceof CellLost ? lost() : error
    })
    whole = true
  } finally {
    if (!whole) cell.call('leave', { run: call.id })
  }
}

/**
 * Asks a cell for a container's files. Not a second time when the cell dies over it: what was put may
 * have been half put, and an input is read once.
 *
 * @throws EngineError the cell's own; `CELL_LOST`.
 */
export async function askTree<R extends TreeRequest>(
  cell: Connection,
  tree: Omit<TreeArguments, 'request' | 'hasInput'>,
  request: R,
  input: AsyncIterable<Uint8Array> | undefined,
): Promise<TreeAnswer<R['verb']>> {
  const hasInput = input !== undefined
  const call = cell.call(
    'tree',
    { ...tree, request, hasInput },
    { from: [TREE_VALUE, TREE_BYTES], to: hasInput ? [TREE_INPUT] : [] },
  )
  const feed = input === undefined ? undefined : new Feed(call.to(TREE_INPUT), input)
  const stop = (): void => feed?.stop()
  call.answer.then(stop, stop)
  try {
    const verb: R['verb'] = request.verb
    return { value: await saidOf(verb, call), bytes: archiveOf(cell, call) }
  } catch (error) {
    if (error instanceof ProtocolError) cell.destroy()
    if (error instanceof ProtocolError || error instanceof CellLost) throw lost()
    throw error
  }
}
