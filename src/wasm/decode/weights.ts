/** Version of the numbers below. Recorded fuel depends on them: a change of any needs a new one. */
export const FUEL_TABLE_VERSION = 7

/**
 * Fuel of an instruction, by its class: whole numbers, the same on every machine. A unit is about 20
 * to 50 ps of optimised code, by the machine.
 *
 * Fitted to 21 kernels on Node 20 and 26, so that units over time are within 30 % of their median for
 * many of them, on both; what the kernels do not execute is weighed by what it took alone.
 * No class that an attacker can repeat is free: before V8 optimises, a `local.get` costs time too.
 *
 * @source `npm run bench -- metering --set tuning`, column units/ns; docs/rationale/weights.md
 */
export const WEIGHTS = {
  /** Structure that leaves no instruction behind. */
  nothing: 0,
  /** Locals, constants, integer arithmetic and comparisons; what no class below names. */
  plain: 1,
  /** Stores, and loads of floats: what comes next seldom waits for them. */
  memory: 1,
  /** Loads of integers: often the next load's address. */
  load: 7,
  global: 3,
  multiply: 4,
  divide: 24,
  float: 5,
  floatDivide: 10,
  /** Comparisons, minimum and maximum, rounding and conversions of floats. */
  floatOther: 10,
  vector: 4,
  vectorDivide: 20,
  /** A branch on a condition: most of all what it costs to guess it wrong. */
  branch: 20,
  /** A branch back on a local that was just stepped by a constant: hardly ever guessed wrong. */
  countedBranch: 1,
  branchTable: 20,
  call: 10,
  /** Mostly what it costs to guess its target wrong: four times as long as where it is right. */
  callIndirect: 200,
  tableGet: 40,
  /** With the garbage collector's write barrier. */
  tableSet: 400,
  reference: 100,
  /** A bulk operation as such; its length comes on top, as a part of its weight where that is a short constant. */
  bulk: 200,
  bulkByte: 1,
  /** 17 ns to fill, 25 to copy, 32 to init. */
  bulkEntry: 512,
  /** The host is asked: 0.8 µs. */
  grow: 16_000,
  /** An exception is made, thrown and looked for frame by frame: 1.2 µs. */
  throw: 24_000,
} as const

/**
 * The shorter way at a conditional branch costs as much as the longer one if it is not shorter by
 * more than this: about what it takes to guess a branch wrong (meter/even-ways.ts).
 */
export const MOST_PADDING = 100

/** The same of the ways of a br_table, whose target is guessed wrong more often, and for longer. */
export const MOST_TABLE_PADDING = 200
