import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ROOT } from '../../src/contract/identity.ts'
import { type HeldResource, Ledger } from '../../src/kernel/cgroup/ledger.ts'
import { BindFileSystem } from '../../src/kernel/mount/fs/bind.ts'
import { MemoryFileSystem } from '../../src/kernel/mount/fs/memory.ts'
import { buildLayerView, type LayerEntry } from '../../src/kernel/mount/layer-index.ts'
import { OverlayFileSystem } from '../../src/kernel/mount/overlay.ts'
import type { FileSystem, Vnode } from '../../src/kernel/mount/vnode.ts'
import { NodeHostDirectory } from '../../src/thread/host-directory.ts'
import { createInodeStore } from '../../src/thread/inode-store.ts'
import { must } from './errno.ts'
import { directoryEntry, fileEntry, linkEntry } from './process.ts'

/** What every file system of the suite starts with. */
const TREE: readonly LayerEntry[] = [
  fileEntry('/file', 'hello'),
  fileEntry('/other', 'other'),
  directoryEntry('/empty'),
  directoryEntry('/empty2'),
  directoryEntry('/full'),
  fileEntry('/full/inner', 'inner'),
  directoryEntry('/full2'),
  fileEntry('/full2/inner', 'inner2'),
  linkEntry('/link', 'file'),
  linkEntry('/link2', 'other'),
]

export interface Subject {
  readonly fs: FileSystem
  /** What the container's ledger holds for it. */
  held(): Readonly<Record<HeldResource, number>>
  close(): void
}

/** Puts the tree in by the file system's own calls. */
function fill(root: Vnode): void {
  for (const { path, type, data, linkTarget } of TREE) {
    const names = path.split('/').slice(1)
    const name = names.pop() ?? ''
    const at = names.reduce((node, below) => must(node.lookup(below)), root)
    if (type === 'directory') must(at.createDirectory(name, 0o755, ROOT))
    else if (type === 'symlink') must(at.createSymlink(name, linkTarget ?? '', ROOT))
    else {
      const handle = must(must(at.createFile(name, 0o644, ROOT)).open({ read: true, write: true }))
      must(handle.write(data ?? new Uint8Array(), 0))
      handle.close()
    }
  }
}

function parts(limitBytes?: number) {
  const ledger = new Ledger({ disk: 2 ** 20, inodes: 100 })
  let time = 1_700_000_000_000_000_000n
  const now = () => {
    time += 1_000n
    return time
  }
  return { store: createInodeStore(), ledger, now, device: 7, limitBytes }
}

function tmpfs(): Subject {
  const own = parts()
  const fs = new MemoryFileSystem(own)
  fill(fs.root)
  return { fs, held: () => own.ledger.held(), close: () => {} }
}

/** Everything was made by the container itself: the image is empty. */
function upper(): Subject {
  const own = parts()
  const fs = new OverlayFileSystem(buildLayerView([[directoryEntry('/')]]), own)
  fill(fs.root)
  return { fs, held: () => own.ledger.held(), close: () => {} }
}

/** Everything is the image's. */
function image(): Subject {
  const own = parts()
  const fs = new OverlayFileSystem(buildLayerView([[directoryEntry('/'), ...TREE]]), own)
  return { fs, held: () => own.ledger.held(), close: () => {} }
}

/** A directory of this host. */
function bind(): Subject {
  const root = mkdtempSync(join(tmpdir(), 'bulkhead-bind-'))
  for (const { path, type, data, linkTarget } of TREE) {
    const at = join(root, path)
    if (type === 'directory') mkdirSync(at)
    else if (type === 'symlink') symlinkSync(linkTarget ?? '', at)
    else writeFileSync(at, data ?? '')
  }
  const fs = new BindFileSystem(new NodeHostDirectory(root), 7)
  const nothing = new Ledger()
  return { fs, held: () => nothing.held(), close: () => rmSync(root, { recursive: true }) }
}

/** Every file system that can be written to. */
export const FILE_SYSTEMS = { tmpfs, upper, image, bind } as const
export type FileSystemName = keyof typeof FILE_SYSTEMS
