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
  tableEntries: 100_000,
  customSections: 64,
  customBytes: 16 * MIB,
}

/** How much larger the rewritten module may be, for the limits that rewriting moves. */
export function outputLimits(limits: ModuleLimits): ModuleLimits {
  return {
    ...limits,
    moduleBytes: 2 * limits.moduleBytes,
    bodyBytes: 3 * limits.bodyBytes,
    locals: limits.locals + 1,
    nesting: limits.nesting + 2,
    mergesTimesLocals: 2 * limits.mergesTimesLocals,
    loopsTimesLocals: 2 * limits.loopsTimesLocals,
    loops: limits.loops + 1,
    mergesTimesLocalsSum: 2 * limits.mergesTimesLocalsSum,
    functions: limits.functions + limits.dataSegments,
    types: limits.types + 64,
    exports: limits.exports + 4,
    globals: limits.globals + 1,
    tables: limits.tables + 1,
    tableEntries: limits.tableEntries + 3,
  }
}
