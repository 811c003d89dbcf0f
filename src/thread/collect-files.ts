import type { CellExit } from '../contract/cell.ts'
import { Errno } from '../contract/errno.ts'
import type { GuestSpec } from '../contract/guest-spec.ts'
import { MOST_COLLECTED } from '../contract/limits.ts'
import type { Ledger } from '../kernel/cgroup/ledger.ts'
import type { Walker } from '../kernel/mount/place.ts'
import { readWhole } from './container-files.ts'

/** What a run brings back, as `CellExit` has it. */
export type Collected = Pick<CellExit, 'files' | 'filesLoss'>

const tooLarge = (path: string, limit: number): Collected => ({
  files: new Map(),
  filesLoss: `${path} is too large to be collected: all collected files together may have ${limit} bytes (limits.collect, at most ${MOST_COLLECTED})`,
})

/**
 * The bytes of those paths that are regular files. A guest chooses how large they are, and in a bind it
 * pays for none of them.
 */
export function collectFiles(
  walker: Walker,
  { collect, limits }: Pick<GuestSpec, 'collect' | 'limits'>,
  ledger: Ledger,
): Collected {
  const files = new Map<string, Uint8Array>()
  let left = limits.collect
  for (const path of new Set(collect)) {
    const bytes = readWhole(walker, path, ledger, left)
    if (!bytes.ok && bytes.errno === Errno.FBIG) return tooLarge(path, limits.collect)
    if (!bytes.ok) continue
    files.set(path, bytes.value)
    left -= bytes.value.length
  }
  return { files, filesLoss: undefined }
}
