import { setFlagsFromString } from 'node:v8'

/** From this version on V8 heeds branch hints unasked. @source V8 13.7, Chrome 137 */
const SHIPPED = [13, 7] as const
/** The first that knows the flag and is in a Node we run on. */
const OLDEST = 11

/** Whether this V8 knows branch hints but must be told to heed them. */
export function needsBranchHintFlag(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major < OLDEST) return false
  return major < SHIPPED[0] || (major === SHIPPED[0] && minor < SHIPPED[1])
}

/** The last V8 that has a second, poorer register allocator for huge functions: of Node 20. */
const TWO_ALLOCATORS = 11

/** Whether this V8 gives huge functions to an allocator that spills nearly everything. */
export function needsAllocatorFlag(version: string): boolean {
  return Number(version.split('.')[0]) === TWO_ALLOCATORS
}

/**
 * Asks V8 to allocate registers of huge functions as it does for all others. The loop of an interpreter is
 * one, and what the meter adds makes it cross the line. For the whole process, and before the first guest
 * is compiled.
 */
export function allocateRegistersAlike(): void {
  if (needsAllocatorFlag(process.versions.v8)) {
    setFlagsFromString('--no-turbo-use-mid-tier-regalloc-for-huge-functions')
  }
}

/**
 * Asks V8 to make no object old from its birth. What outlives the first seconds, while code is warmed up,
 * teaches it to: from then on a part of each short run's objects is, and holds the others until the next full
 * collection. For the whole process: there is no such choice for one thread.
 */
export function keepYoungObjectsYoung(): void {
  setFlagsFromString('--no-allocation-site-pretenuring')
}

/**
 * Asks V8 to heed the hints that the meter writes. For the whole process, and before the first
 * guest is compiled. V8 prints a warning for a flag it does not know, hence the look at its version.
 */
export function heedBranchHints(): void {
  if (needsBranchHintFlag(process.versions.v8)) {
    setFlagsFromString('--experimental-wasm-branch-hinting')
  }
}
