import { LinearMemory } from '../../src/abi/guest-memory.ts'
import type { CallContext, LocalContext } from '../../src/abi/preview1/call.ts'
import { ROOT } from '../../src/contract/identity.ts'
import { Ledger } from '../../src/kernel/cgroup/ledger.ts'
import { PidsController } from '../../src/kernel/cgroup/pids.ts'
import { buildLayerView, type LayerEntry } from '../../src/kernel/mount/layer-index.ts'
import { MountNamespace } from '../../src/kernel/mount/mount-namespace.ts'
import { OpenFile } from '../../src/kernel/mount/open-file.ts'
import { OverlayFileSystem } from '../../src/kernel/mount/overlay.ts'
import type { Personality, Walker } from '../../src/kernel/mount/place.ts'
import { FdTable } from '../../src/kernel/process/fd-table.ts'
import { PidNamespace } from '../../src/kernel/process/pid-namespace.ts'
import { Process } from '../../src/kernel/process/process.ts'
import { frozenClock } from '../../src/thread/clock.ts'
import { createInodeStore } from '../../src/thread/inode-store.ts'

const encoder = new TextEncoder()
const plain = { uid: 0, gid: 0, modified: 5_000_000_000n }

export const directoryEntry = (path: string, mode = 0o755): LayerEntry => ({
  ...plain,
  path,
  type: 'directory',
  mode,
  size: 0,
  data: undefined,
})
export const fileEntry = (path: string, text: string, mode = 0o644): LayerEntry => ({
  ...plain,
  path,
  type: 'regular',
  mode,
  size: text.length,
  data: encoder.encode(text),
})
export const linkEntry = (path: string, linkTarget: string): LayerEntry => ({
  ...plain,
  path,
  type: 'symlink',
  mode: 0o777,
  size: 0,
  linkTarget,
  data: undefined,
})

/** A container's tree over these files of an image, without any thread. */
export function treeOf(entries: readonly LayerEntry[], more: { ledger?: Ledger } = {}) {
  const ledger = more.ledger ?? new Ledger()
  let now = 10_000_000_000n
  const parts = {
    store: createInodeStore(),
    ledger,
    device: 1,
    now: () => {
      now += 1n
      return now
    },
  }
  const root = new OverlayFileSystem(buildLayerView([[directoryEntry('/'), ...entries]]), parts)
  const mounts = new MountNamespace(root, { readOnly: false })
  return { root, mounts, ledger, walker: mounts.walker(), parts }
}

/** A process over that tree: 0 to 2 are closed streams, 3 is its `/`. */
export function processOf(entries: readonly LayerEntry[], personality: Personality = 'container') {
  const { mounts, ledger } = treeOf(entries)
  const walker: Walker = { ...mounts.walker(), personality }
  const fds = new FdTable(64, ledger)
  const stream = { type: 'unknown', handle: undefined, place: undefined, ledger } as const
  for (let fd = 0; fd < 3; fd += 1) {
    fds.add(new OpenFile({ ...stream, access: { read: true, write: true } }))
  }
  fds.add(
    new OpenFile({
      type: 'directory',
      access: { read: true, write: false },
      handle: undefined,
      place: walker.root,
      preopen: '/',
      ledger,
    }),
  )
  let exit: number | undefined
  let charged = 0
  const clock = frozenClock(1_000)
  const namespace = new PidNamespace({
    pids: new PidsController(new Ledger()),
    initDefaults: false,
    clock,
  })
  const process = new Process({
    namespace,
    pid: 1,
    parentPid: 0,
    groupId: 1,
    sessionId: 1,
    credentials: ROOT,
    args: ['prog', 'naïve', ''],
    environment: ['A=1', 'B='],
    workingDirectory: '/',
    walker,
    fds,
    clock,
    random: (into) => void into.fill(9),
    ledger,
    umask: 0o022,
    thread: {
      sleeping: false,
      charge: (units) => {
        charged += units
      },
      look: () => {},
      exit: (status) => {
        exit = status
      },
      become: () => {},
      handle: () => {},
      end: () => {},
      stop: () => {},
      resume: () => {},
    },
  })
  namespace.add(process)
  const owner = { buffer: new ArrayBuffer(4_096) }
  new Uint8Array(owner.buffer).fill(0x3f)
  const memory = new LinearMemory()
  memory.attach(owner)
  const names: string[] = []
  const handler = {
    set: (name: string): boolean => {
      names.push(name)
      return name === '' || name === 'handler'
    },
  }
  const call: CallContext & LocalContext = { process, memory, handler }
  const bytes = new Uint8Array(owner.buffer)
  /** Puts a text at `at` and answers its length. */
  const put = (at: number, text: string): number => {
    const encoded = encoder.encode(text)
    bytes.set(encoded, at)
    return encoded.length
  }
  return {
    call,
    bytes,
    view: new DataView(owner.buffer),
    put,
    exit: () => exit,
    /** Of the handlers that were set. */
    handlers: names,
    charged: () => charged,
  }
}
