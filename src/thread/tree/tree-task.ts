import { rmSync } from 'node:fs'
import type { MessagePort } from 'node:worker_threads'
import { EngineError, type ErrorCode } from '../../contract/errors.ts'
import { OWN_FILES } from '../../contract/own-files.ts'
import { roomOf, type Tree, type TreeRequest } from '../../contract/tree.ts'
import { changesOf } from '../../kernel/mount/changes.ts'
import type { LayerParts } from '../../kernel/mount/layer-view.ts'
import { PieceReceiver, PieceSender } from '../piece-port.ts'
import { keepUpper } from '../upper-file.ts'
import { ownerOf } from './owner.ts'
import { packPath, packRoot } from './pack.ts'
import { statPath } from './path-stat.ts'
import { putArchive } from './put-archive.ts'
import { type RestingTree, restingTree } from './resting-tree.ts'
import { type StagedEntry, stagedArchive } from './staged-archive.ts'

/** Work on a tree in which nothing runs, for a thread that does nothing else. */
export interface TreeTask {
  readonly root: LayerParts
  readonly tree: Omit<Tree, 'root' | 'pid'>
  readonly request: TreeRequest
  /** The layer's file is a copy made for this task, and is removed. */
  readonly borrowed: boolean
  /** The answer's value and bytes, or what the task fails with. */
  readonly out: MessagePort
  /** The bytes of a `put`. */
  readonly input: MessagePort | undefined
}

export interface StageTask {
  readonly room: number
  readonly input: MessagePort
}
export type Staged =
  | { readonly ok: true; readonly entries: readonly StagedEntry[] }
  | { readonly ok: false; readonly code: ErrorCode; readonly message: string }

const spared: ReadonlySet<string> = new Set(OWN_FILES)

/** Only `get` and `export` have bytes. */
function answer(resting: RestingTree, request: TreeRequest) {
  const { overlay, mounts } = resting
  const walker = mounts.walker()
  switch (request.verb) {
    case 'stat':
      return { value: statPath(walker, request.path) }
    case 'get':
      return { value: statPath(walker, request.path), bytes: packPath(walker, request.path) }
    case 'changes':
      return { value: changesOf(overlay, spared) }
    case 'size':
      return { value: overlay.memory.quota.bytes }
    case 'export':
      return { value: undefined, bytes: packRoot(walker) }
    case 'put':
      throw new TypeError('a put has an input')
  }
}

async function put(task: TreeTask, request: TreeRequest & { readonly verb: 'put' }): Promise<void> {
  const { tree, input } = task
  if (input === undefined) throw new TypeError('a put has an input')
  const entries = await stagedArchive(new PieceReceiver(input).bytes(), roomOf(tree))
  const { overlay, mounts } = restingTree(tree, task.root)
  const { rules, path } = request
  const owner = ownerOf(mounts.walker(), tree.guest.user, rules)
  // All of it or nothing: what failed half way is not kept.
  putArchive(mounts.walker(), path, entries, { rules, owner })
  keepUpper(overlay, tree.writableLayer)
}

async function answered(task: TreeTask, out: PieceSender): Promise<void> {
  const { request } = task
  if (request.verb === 'put') {
    await put(task, request)
    out.value(undefined)
    return
  }
  const resting = restingTree(task.tree, task.root)
  if (task.borrowed) rmSync(task.tree.writableLayer, { force: true })
  const { value, bytes } = answer(resting, request)
  out.value(value)
  if (bytes !== undefined) await out.stream(bytes)
}

/** Never rejects: what fails is said through `out`. */
export async function treeTask(task: TreeTask): Promise<void> {
  const out = new PieceSender(task.out)
  try {
    await answered(task, out)
    out.end()
  } catch (error) {
    out.fail(error)
  } finally {
    task.input?.close()
    if (task.borrowed) rmSync(task.tree.writableLayer, { force: true })
  }
}

/** Reads an archive for a tree whose own process will put it in. */
export async function stageTask({ room, input }: StageTask): Promise<Staged> {
  try {
    return { ok: true, entries: await stagedArchive(new PieceReceiver(input).bytes(), room) }
  } catch (error) {
    if (!(error instanceof EngineError)) throw error
    return { ok: false, code: error.code, message: error.message }
  } finally {
    input.close()
  }
}
