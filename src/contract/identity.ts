/** Who a process is. Inside the container 0 is root; outside, every guest is nobody. */
export interface Credentials {
  readonly uid: number
  readonly gid: number
  /** Supplementary groups. */
  readonly groups: readonly number[]
}
export const ROOT: Credentials = { uid: 0, gid: 0, groups: [] }
