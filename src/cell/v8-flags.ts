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

const POORER_ALLOCATOR = 'turbo-use-mid-tier-regalloc-for-huge-functions'
/** The last V8 that has a second, poorer register allocator for huge functions: of Node 20. */
const TWO_ALLOCATORS = 11

const majorOf = (version: string): number => Number(version.split('.')[0])

/** Whether this V8 gives huge functions to an allocator that spills nearly everything. */
export function needsAllocatorFlag(version: string): boolean {
  return majorOf(version) === TWO_ALLOCATORS
}

/** The first V8 in a Node that inlines functions of any module into each other: of Node 24. */
const INLINES = 13

/** Whether this V8 inlines within a budget. */
function hasInliningBudget(version: string): boolean {
  return majorOf(version) >= INLINES
}

/** V8 prints a warning for a flag it does not know, hence the look at its version. */
const FLAGS: readonly { readonly flag: string; readonly isNeeded: (version: string) => boolean }[] =
  [
    // The hints that the meter writes are heeded.
    { flag: '--experimental-wasm-branch-hinting', isNeeded: needsBranchHintFlag },
    // Registers of huge functions are allocated as those of all others. The loop of an interpreter is one,
    // and what the meter adds makes it cross the line. Until a far larger one comes: see heedSize.
    { flag: `--no-${POORER_ALLOCATOR}`, isNeeded: needsAllocatorFlag },
    // Budgets of inlining are in bytes of code, and metered code has more: 1.3 to 1.6 of the original, of
    // small functions twice as many. So V8 inlines what it would inline of that. Its own are 500, 5,000 and 3.
    { flag: '--wasm-inlining-max-size=1500', isNeeded: hasInliningBudget },
    { flag: '--wasm-inlining-budget=15000', isNeeded: hasInliningBudget },
    { flag: '--wasm-inlining-factor=4', isNeeded: hasInliningBudget },
    // No object is old from its birth. What outlives the first seconds, while code is warmed up, teaches V8 to
    // make some so: from then on a part of each short run's objects is, and holds the others until the next full
    // collection.
    { flag: '--no-allocation-site-pretenuring', isNeeded: () => true },
  ]

/** What guests want of a V8 of this version. */
export const flagsFor = (version: string): readonly string[] =>
  FLAGS.flatMap(({ flag, isNeeded }) => (isNeeded(version) ? [flag] : []))

/**
 * Asks for it. For the whole process, since there is no such choice for one thread, and before the first guest
 * is compiled.
 */
export function setFlags(): void {
  for (const flag of flagsFor(process.versions.v8)) setFlagsFromString(flag)
}

/** Bytes of a function from which the better allocator takes too long: it goes up with the square. */
const TOO_LARGE = 131_072

/** The flag that gives functions back to the poorer allocator, where there is one and the largest is too large. */
export const allocatorFor = (largest: number, version: string): string | undefined =>
  largest > TOO_LARGE && needsAllocatorFlag(version) ? `--${POORER_ALLOCATOR}` : undefined

/**
 * Before a module is compiled whose largest function has so many bytes. From then on it holds for all
 * that the process compiles.
 */
export function heedSize(largest: number): void {
  const flag = allocatorFor(largest, process.versions.v8)
  if (flag !== undefined) setFlagsFromString(flag)
}
