/** Who a process is. Inside the container 0 is root; outside, every guest is nobody. */
export interface Credentials {
  readonly uid: number
  readonly gid: number
  /** Supplementary groups, at most MAX_GROUPS. */
  readonly groups: readonly number[]
}
/** @source limits.h, NGROUPS_MAX of Linux */
export const MAX_GROUPS = 65_536

export const ROOT: Credentials = { uid: 0, gid: 0, groups: [] }
