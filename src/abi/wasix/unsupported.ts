/** What WASIX has and a guest here never gets, by the names of its calls. @source the guests' reference, 6.1 */
const FAMILIES: readonly (readonly [family: string, names: RegExp])[] = [
  ['fork', /^proc_v?fork|^stack_|^proc_snapshot$/],
  ['older calls', /^proc_(spawn|exec|exec2|exec3)$/],
  ['threads', /^thread_/],
  ['futex', /^futex_/],
  ['dlopen', /^(dl|closure_|call_dynamic|reflect_signature)/],
  ['contexts', /^context_/],
  ['epoll', /^(epoll_|fd_event$)/],
  ['network devices', /^port_/],
  ['multicast', /^sock_.*multicast/],
  ['sendfile', /^sock_send_file$/],
]

/** The families that these calls are of. */
export const unsupportedIn = (names: readonly string[]): readonly string[] =>
  FAMILIES.filter(([, family]) => names.some((name) => family.test(name))).map(([name]) => name)
