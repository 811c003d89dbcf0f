/** Until the only run of `host` has a process: an abort before that ends a run which is no guest yet. */
export async function begun(host) {
  while (host.inUse().slots === 0) await new Promise((resolve) => setTimeout(resolve, 1))
}
