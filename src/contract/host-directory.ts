import type { Result } from './result.ts'

/** What the host tells of one of its files. Times are ns since 1970. */
export interface HostStat {
  readonly type: 'regular' | 'directory' | 'symlink' | 'other'
  /** Device and inode together: the same for every name of one file. */
  readonly identity: string
  readonly mode: number
  readonly links: number
  readonly size: number
  readonly accessed: bigint
  readonly modified: bigint
  readonly changed: bigint
}

/** An open file, whatever its name leads to by now. */
export interface HostFile {
  stat(): Result<HostStat>
  setTimes(accessed: bigint, modified: bigint): Result<undefined>
  read(into: Uint8Array, at: number): Result<number>
  write(from: Uint8Array, at: number): Result<number>
  truncate(size: number): Result<undefined>
  sync(): Result<undefined>
  close(): void
}

/**
 * A directory of the host, or one file of it, that a container may see. Places are lists of names
 * below it; no name leads out, and the host's symlinks are told, never followed.
 */
export interface HostDirectory {
  stat(names: readonly string[]): Result<HostStat>
  list(names: readonly string[]): Result<readonly string[]>
  readlink(names: readonly string[]): Result<string>
  open(names: readonly string[], how: { write: boolean; create: boolean }): Result<HostFile>
  createDirectory(names: readonly string[]): Result<undefined>
  removeDirectory(names: readonly string[]): Result<undefined>
  unlink(names: readonly string[]): Result<undefined>
  link(from: readonly string[], to: readonly string[]): Result<undefined>
  rename(from: readonly string[], to: readonly string[]): Result<undefined>
  setTimes(names: readonly string[], accessed: bigint, modified: bigint): Result<undefined>
}
