import type { Tree } from '../../contract/tree.ts'
import { Ledger } from '../../kernel/cgroup/ledger.ts'
import { BindFileSystem } from '../../kernel/mount/fs/bind.ts'
import { type LayerParts, LayerView } from '../../kernel/mount/layer-view.ts'
import { MountNamespace } from '../../kernel/mount/mount-namespace.ts'
import { OverlayFileSystem } from '../../kernel/mount/overlay.ts'
import { NodeHostDirectory } from '../host-directory.ts'
import { createInodeStore } from '../inode-store.ts'
import { adoptUpper } from '../upper-file.ts'

/** The files of a container in which nothing runs. */
export interface RestingTree {
  readonly overlay: OverlayFileSystem
  readonly mounts: MountNamespace
}

const NS_PER_MS = 1_000_000n
const ROOT_DEVICE = 1

/**
 * Puts a container's tree together without its process: image, kept upper layer, bind mounts. What
 * is mounted in memory, and the kernel's own trees, are there only while it runs.
 *
 * @throws EngineError `LAYER_DAMAGED` | `INVALID_LIMIT`.
 */
export function restingTree(
  { guest, writableLayer }: Pick<Tree, 'guest' | 'writableLayer'>,
  root: LayerParts,
): RestingTree {
  const { memory, disk, inodes } = guest.limits
  const overlay = new OverlayFileSystem(new LayerView(root), {
    store: createInodeStore(),
    ledger: new Ledger({ memory, disk, inodes }),
    now: () => BigInt(Date.now()) * NS_PER_MS,
    device: ROOT_DEVICE,
  })
  adoptUpper(overlay, writableLayer)
  const mounts = new MountNamespace(overlay, { readOnly: false })
  for (const [index, mount] of guest.mounts.entries()) {
    if (mount.type !== 'bind') continue
    const fs = new BindFileSystem(new NodeHostDirectory(mount.source), ROOT_DEVICE + 1 + index)
    // One that cannot be mounted is not there; the next start will say why.
    mounts.mount(mount.target, fs, { readOnly: mount.readOnly })
  }
  if (guest.readOnlyRoot) mounts.protectRoot()
  return { overlay, mounts }
}
