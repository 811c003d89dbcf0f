/**
 * Weighted turns of the containers that compete for the CPUs of one cell.
 *
 * Each container has a *pass*: the CPU time that its processes have used together, divided by its
 * weight, so that all passes advance alike when everybody has its fair part, however many processes it
 * has. Everybody runs while all passes are close; who is ahead by more than SLACK waits, as long as
 * enough others run to keep every core busy. So equals are left to the operating system, no CPU idles
 * for the sake of fairness, and nobody starves. Between processes of one container the same rule holds
 * for what each has used itself; they all count alike.
 *
 * Passes are 32-bit numbers that wrap, in µs of a container with 1024 shares: only differences mean
 * anything.
 *
 * @source stride scheduling (Waldspurger, 1995); the bound on what is owed: Surplus Fair Scheduling
 *   (Chandra et al., OSDI 2000)
 */

/** How far one has come, and what it is given for it. */
export interface Standing {
  readonly pass: number
  readonly shares: number
}

/** One process that wants to run, as the others see it. */
export interface Competitor {
  /** Decides between equal passes. */
  readonly slot: number
  /** What its container is known by; its processes have the same standing in it. */
  readonly group: number
  readonly container: Standing
  /** Its own among those of its container. */
  readonly own: Standing
  /** It lets others go first. */
  readonly waiting: boolean
}

/** The weight of every process within its container. */
export const OWN_SHARES = 1_024
const PASS_SHARES = 1_024
/** µs of its own CPU by which one may be ahead: a tick of Linux's clock, and a safepoint. */
const SLACK_US = 5_000
/** µs of its own CPU that may be owed to one, or be held against it. */
const MOST_OWED_US = 200_000
/** A longer stretch counts as this: passes must not wrap in one step. */
const LONGEST_US = 1_000_000

/** How far pass `a` is ahead of `b`; negative: behind. */
export const ahead = (a: number, b: number): number => (a - b) | 0

/** What `us` of CPU take from one with `shares`. */
export const passOf = (us: number, shares: number): number =>
  (Math.min(us, LONGEST_US) * PASS_SHARES) / shares

const slackOf = ({ shares }: Standing): number => passOf(SLACK_US, shares)

/** What is compared of two: their containers', or of one container their own. */
const standingOf = (one: Competitor, other: Competitor): Standing =>
  one.group === other.group ? one.own : one.container

/** How far `one` is ahead of `other`. */
const lead = (one: Competitor, other: Competitor): number =>
  ahead(standingOf(one, other).pass, standingOf(other, one).pass)

/** `one` is ahead of `other` by more than it may be. */
const isFarAhead = (one: Competitor, other: Competitor): boolean =>
  lead(one, other) > slackOf(standingOf(one, other))

const least = (all: readonly Standing[]): number | undefined => {
  const [first, ...more] = all
  return more.reduce<number | undefined>(
    (one, { pass }) => (one !== undefined && ahead(pass, one) < 0 ? pass : one),
    first?.pass,
  )
}

/** Comes before `other` in the line of those who wait. */
export function isBefore(one: Competitor, other: Competitor): boolean {
  const distance = lead(one, other)
  if (distance !== 0) return distance < 0
  return one.group === other.group ? one.slot < other.slot : one.group < other.group
}

/** True when `me`, who runs, must let others go first. */
export function mustYield(me: Competitor, others: readonly Competitor[], cores: number): boolean {
  const behind = (other: Competitor): boolean => isFarAhead(me, other)
  // Enough others keep the cores busy: those who run and come first, and those who take over.
  const first = others.filter((other) => (other.waiting ? behind(other) : isBefore(other, me)))
  return first.length >= cores && others.some(behind)
}

/** True when `me`, who waits, may run. */
export function mayResume(me: Competitor, others: readonly Competitor[], cores: number): boolean {
  if (others.every((other) => lead(me, other) <= 0)) return true
  // Who runs keeps its core until it is ahead by its slack: turns are not switched at every step.
  const first = others.filter((other) =>
    other.waiting ? isBefore(other, me) : !isFarAhead(other, me),
  )
  return first.length < cores
}

/** How far behind one may fall: far enough that everybody else, by its own slack, lets it go first. */
function mostOwed(shares: number, others: readonly Standing[]): number {
  return others.reduce(
    (most, other) => Math.max(most, Math.trunc(2 * slackOf(other))),
    Math.trunc(passOf(MOST_OWED_US, shares)),
  )
}

/**
 * Where one stands that was at `pass`: not so far behind all others that it could hold the CPU for
 * long, and not so far ahead that it would never run again.
 */
export function bounded(pass: number, shares: number, others: readonly Standing[]): number {
  const last = least(others)
  if (last === undefined) return pass
  const distance = ahead(pass, last)
  const owed = mostOwed(shares, others)
  if (distance < -owed) return (last - owed) | 0
  const most = Math.trunc(passOf(MOST_OWED_US, shares))
  return distance > most ? (last + most) | 0 : pass
}

/** Where one begins that was not there, or was asleep: sleeping earns nothing. */
export function joined(
  pass: number | undefined,
  shares: number,
  others: readonly Standing[],
): number {
  const last = least(others)
  if (last === undefined) return pass ?? 0
  return pass === undefined || ahead(pass, last) < 0 ? last : bounded(pass, shares, others)
}

/** Shares as cpu.weight of cgroup v2 has them: 2 is 1, 1024 is 100, 262144 is 10000. */
export function weightOf(shares: number): number {
  const log = Math.log2(shares)
  // The quadratic through those three points that runc uses since 1.4.
  return Math.ceil(10 ** ((log * log + 125 * log) / 612 - 7 / 34))
}
