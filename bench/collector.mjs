import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** A function that runs a full collection. Threads that start from now on have one as well. */
export function collector() {
  setFlagsFromString('--expose-gc')
  return runInNewContext('gc')
}
