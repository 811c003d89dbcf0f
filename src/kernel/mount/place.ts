import type { Credentials } from '../../contract/identity.ts'
import type { Mount, Place, Vnode } from './vnode.ts'

export type { Mount, Place } from './vnode.ts'

/**
 * How paths are walked. `container`: Linux's rules inside the container's root. `strict`: the WASI
 * rules for explicit preopens, where leaving the directory of the call is an escape.
 */
export type Personality = 'container' | 'strict'

/** The mounts of one namespace, as the walk asks for them. */
export interface MountTable {
  /** The topmost mount that covers the directory `vnode`, if there is one. */
  mountedOn(vnode: Vnode): Mount | undefined
  /** In the order of /proc/mounts: the root first. */
  list(): readonly Mount[]
}

/** What a path call needs to know about its caller. */
export interface Walker {
  readonly mounts: MountTable
  readonly personality: Personality
  /** What an escape answers in `strict`. */
  readonly escapeErrno: 'PERM' | 'NOTCAPABLE'
  readonly credentials: Credentials
  /** The container's `/`: where absolute link texts start in `container`. */
  readonly root: Place
  /**
   * Set for a program whose libc knows no working directory and sends `x` for both `x` and `/x`: where
   * names relative to the root are looked up when the root has no such name.
   */
  readonly workingDirectory?: Place | undefined
  /**
   * Takes units of fuel for work that a path's own length does not tell: links followed. May leave the
   * call by a trap: the process must end, and nothing is half done.
   */
  readonly charge?: (units: number) => void
}
