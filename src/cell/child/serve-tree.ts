import type { Cell, PreparedRoot } from '../../contract/cell.ts'
import { packed } from './body.ts'
import type { Inlet, Outlet } from './stream.ts'
import type { TreeArguments } from './verbs.ts'

/** The streams of one question, as the cell sees them. */
export interface TreeStreams {
  readonly input: Inlet
  readonly value: Outlet
  readonly bytes: Outlet
}

/**
 * Answers what is asked of a container's files: first what there is to say, then the archive.
 *
 * @param pid - of the process that runs in it, as this cell numbers them.
 * @param reading - gets the archive as soon as there is one, to be given back when nobody reads it.
 */
export async function serveTree(
  cell: Cell,
  root: PreparedRoot,
  pid: number | undefined,
  { guest, writableLayer, request, hasInput }: TreeArguments,
  streams: TreeStreams,
  reading: (archive: AsyncGenerator<Uint8Array, void, undefined>) => void,
): Promise<void> {
  const tree = { root, guest, writableLayer, pid }
  const answer = await cell.tree(tree, request, hasInput ? streams.input : undefined)
  reading(answer.bytes)
  for (const piece of packed(answer.value)) await streams.value.write(piece)
  streams.value.end()
  for await (const piece of answer.bytes) await streams.bytes.write(piece)
}
