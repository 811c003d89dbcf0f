import type { Cell, CellJob } from '../../src/contract/cell.ts'
import type { GuestSpec } from '../../src/contract/guest-spec.ts'
import type { LayerFile } from '../../src/contract/layer.ts'
import { DEFAULT_LIMITS } from '../../src/contract/limits.ts'

export const STREAMS = 'guests/build/streams.wasm'
export const HOSTILE_CPU = 'guests/build/hostile-cpu.wasm'
export const HOSTILE_MEMORY = 'guests/build/hostile-memory.wasm'
export const HOSTILE_OUTPUT = 'guests/build/hostile-output.wasm'

export const GUEST: GuestSpec = {
  args: ['guest'],
  environment: [],
  workingDirectory: '/',
  user: '',
  hostname: 'box',
  domainname: '',
  readOnlyRoot: false,
  mounts: [],
  preopens: [['/', '/']],
  personality: 'container',
  escapeErrno: 'PERM',
  files: [],
  collect: [],
  limits: DEFAULT_LIMITS,
  deterministic: undefined,
  terminal: undefined,
  init: false,
}

const plain = { mode: 0o755, uid: 0, gid: 0, modified: 0n }
const directory = (path: string): LayerFile => ({ ...plain, path, type: 'directory', size: 0 })
const file = (path: string, bytes: Uint8Array): LayerFile => ({
  ...plain,
  path,
  type: 'regular',
  size: bytes.length,
  source: { kind: 'bytes', bytes },
})
export const FILES = [directory('/'), directory('/tmp'), file('/hello', Buffer.from('hello\n'))]

export interface JobSpec extends Partial<Pick<CellJob, 'stdin' | 'stdout' | 'stderr'>> {
  /** A file, or the bytes themselves; the guest `streams` unless given. */
  readonly module?: string | Uint8Array
  /** Behind the name of the program. */
  readonly args?: readonly string[]
  readonly guest?: Partial<GuestSpec>
}

/** A job for `cell.start`, its module and root prepared. */
export async function jobOf(cell: Cell, spec: JobSpec): Promise<CellJob> {
  const { module = STREAMS, args = [], guest, stdin, stdout = () => {}, stderr = () => {} } = spec
  const source =
    typeof module === 'string'
      ? ({ kind: 'host-file', path: module } as const)
      : ({ kind: 'bytes', bytes: module } as const)
  return {
    module: await cell.prepareModule(source),
    root: await cell.prepareRoot('suite', async () => FILES),
    guest: { ...GUEST, args: ['guest', ...args], ...guest },
    stdin,
    stdout,
    stderr,
  }
}

/** An input that gives nothing and never ends; `closed` settles when nobody wants it any more. */
export function never(): {
  readonly input: AsyncIterable<Uint8Array>
  readonly closed: Promise<void>
} {
  let close = (): void => {}
  const closed = new Promise<void>((resolve) => {
    close = resolve
  })
  const input: AsyncIterable<Uint8Array> = {
    [Symbol.asyncIterator]: () => ({
      next: () => new Promise(() => {}),
      return: async () => {
        close()
        return { done: true, value: undefined }
      },
    }),
  }
  return { input, closed }
}
