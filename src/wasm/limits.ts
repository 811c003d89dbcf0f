/** Bounds on a module. Without them a few kilobytes make V8 work for minutes or take gigabytes. */
export interface ModuleLimits {
  readonly moduleBytes: number
  readonly bodyBytes: number
  /** Of one function, parameters included. */
  readonly locals: number
  readonly params: number
  readonly results: number
  readonly nesting: number
  /** Blocks, loops, ifs and tries of one function, times its locals. */
  readonly mergesTimesLocals: number
  readonly loopsTimesLocals: number
  readonly loops: number
  /** Targets of one br_table, and of all of one function. */
  readonly branchTargets: number
  readonly branchTargetSum: number
  readonly functions: number
  readonly types: number
  readonly imports: number
  readonly exports: number
  readonly globals: number
  readonly tags: number
  readonly tables: number
  readonly mergesTimesLocalsSum: number
  readonly dataSegments: number
  readonly elementSegments: number
  /** Of all element segments together. */
  readonly elementEntries: number
  readonly tableEntries: number
  readonly customSections: number
  readonly customBytes: number
}

const MIB = 2 ** 20

/** What is accepted unless a tenant is granted more. @source metering reference, section 10 */
export const DEFAULT_MODULE_LIMITS: ModuleLimits = {
  moduleBytes: 64 * MIB,
  bodyBytes: MIB,
  locals: 4_096,
  params: 256,
  results: 16,
  nesting: 8_192,
  mergesTimesLocals: 2_000_000,
  loopsTimesLocals: 500_000,
  loops: 4_000,
  branchTargets: 8_192,
  branchTargetSum: 16_384,
  functions: 200_000,
  types: 4_096,
  imports: 1_000,
  exports: 10_000,
  globals: 10_000,
  tags: 1_000,
  tables: 100,
  mergesTimesLocalsSum: 100_000_000,
  dataSegments: 100_000,
  elementSegments: 10_000,
  // Largest real module: pandoc, one segment of 704,144.
  elementEntries: 1_000_000,
  tableEntries: 100_000,
  customSections: 64,
  customBytes: 16 * MIB,
}

/**
 * The limits of the rewritten module: what the pass adds on top of them, and where it multiplies, a
 * factor above the largest one measured on real modules.
 *
 * @source metering reference, section 10: column "out"
 */
export function outputLimits(limits: ModuleLimits): ModuleLimits {
  const wrappers = limits.exports + limits.imports + 1
  return {
    ...limits,
    moduleBytes: 2 * limits.moduleBytes,
    bodyBytes: 3 * limits.bodyBytes,
    // Fuel and scratch locals; what support functions take and give.
    locals: limits.locals + 8,
    params: limits.params + 6,
    results: limits.results + 2,
    // For a function's label, a loop's trips written several times, and a branch that pays and looks.
    nesting: limits.nesting + 5,
    mergesTimesLocals: 3 * limits.mergesTimesLocals,
    // A loop in strips is two, and one more where it is written twice; up to five locals are ours.
    loopsTimesLocals: 3 * limits.loopsTimesLocals + 15 * limits.loops,
    loops: 3 * limits.loops,
    mergesTimesLocalsSum: 3 * limits.mergesTimesLocalsSum,
    // In the mixed form every function that a table holds has a wrapper.
    functions: 2 * limits.functions + limits.dataSegments + wrappers,
    // Twins, and types of the blocks that stand for a function's label.
    types: 3 * limits.types + 16,
    exports: limits.exports + 4,
    globals: limits.globals + 1,
    tables: limits.tables + 1,
    elementSegments: limits.elementSegments + 1,
    // Branch hints take four to six bytes a place.
    customSections: limits.customSections + 1,
    customBytes: limits.customBytes + limits.moduleBytes,
    tableEntries: limits.tableEntries + 3,
    // One segment more declares what ref.func names.
    elementEntries: limits.elementEntries + 2 * limits.functions,
  }
}
