import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CpuSeat, RunQueue } from '../../../src/thread/run-queue.ts'

/** A bell of nobody in particular. */
const bell = { words: new Int32Array(2), doorbell: 0, sleeping: 1 }
const BACKSTOP_MS = 50
const SAFEPOINT_MS = 1

interface Member {
  readonly slot: number
  readonly shares: number
  readonly seat: CpuSeat
  state: 'running' | 'waiting' | 'asleep'
  /** ms of CPU, all together and since its last safepoint. */
  used: number
  since: number
  heard: number
  waitedFrom: number
  longestWait: number
}

/** @param group - the slot of its container's PID 1, whose shares they all have. */
function seatOf(queue: RunQueue, slot: number, shares = 1_024, group = slot): CpuSeat {
  const seat = new CpuSeat(queue, slot, group)
  if (group === slot) seat.setShares(shares)
  return seat
}

/** A machine of `cores` CPUs that gives everybody who runs the same part of each millisecond. */
function machine(
  cores: number,
  shares: readonly number[],
  groups: readonly number[] = [...shares.keys()],
) {
  const bells = shares.map(() => ({ words: new Int32Array(2), doorbell: 0, sleeping: 1 }))
  const queue = RunQueue.create(shares.length, cores, (slot) => bells[slot] ?? bell)
  const members = shares.map(
    (share, slot): Member => ({
      slot,
      shares: share,
      seat: seatOf(queue, slot, share, groups[slot]),
      state: 'running',
      used: 0,
      since: 0,
      heard: 0,
      waitedFrom: 0,
      longestWait: 0,
    }),
  )
  let now = 0
  let offered = 0
  for (const { seat } of members) seat.enter(now)

  const rings = ({ slot }: Member): number => bells[slot]?.words[0] ?? 0
  /** Wakes as the doorbell does: for a ring, or after BACKSTOP_MS. */
  const wake = (member: Member): void => {
    const rung = rings(member) !== member.heard
    if (!rung && now - member.waitedFrom < BACKSTOP_MS) return
    member.heard = rings(member)
    if (!member.seat.mayResume(now)) return
    member.seat.resume(now)
    member.state = 'running'
    member.longestWait = Math.max(member.longestWait, now - member.waitedFrom)
  }
  const visit = (member: Member): void => {
    const { seat } = member
    const yields = seat.contended && seat.advance(member.since * 1_000, now)
    member.since = 0
    if (!yields) return
    member.state = 'waiting'
    member.waitedFrom = now
  }
  const step = (): void => {
    now += 1
    for (const member of members) if (member.state === 'waiting') wake(member)
    const running = members.filter(({ state }) => state === 'running')
    const part = Math.min(1, cores / running.length)
    offered += Math.min(cores, members.filter(({ state }) => state !== 'asleep').length)
    for (const member of running) {
      member.used += part
      member.since += part
      if (member.since >= SAFEPOINT_MS) visit(member)
    }
  }
  const run = (ms: number): void => {
    for (let at = 0; at < ms; at += 1) step()
  }
  return { queue, members, run, offered: () => offered, now: () => now }
}

/** What each should get of `cores` CPUs: by weight, but nobody more than one. */
function fairParts(cores: number, shares: readonly number[]): readonly number[] {
  const parts = shares.map(() => 0)
  const open = new Set(shares.keys())
  let left = cores
  for (;;) {
    const sum = [...open].reduce((total, index) => total + (shares[index] ?? 0), 0)
    const full = [...open].filter((index) => ((shares[index] ?? 0) * left) / sum >= 1)
    if (full.length === 0) {
      for (const index of open) parts[index] = ((shares[index] ?? 0) * left) / sum
      return parts
    }
    for (const index of full) {
      parts[index] = 1
      open.delete(index)
      left -= 1
    }
    if (left <= 0 || open.size === 0) return parts
  }
}

const usedOf = (members: readonly Member[]): readonly number[] => members.map(({ used }) => used)
const sum = (numbers: readonly number[]): number => numbers.reduce((one, two) => one + two, 0)

describe('the run queue', () => {
  it.each([
    ['two to one on two cores', 2, [1_024, 1_024, 512, 512]],
    ['two to one on one core', 1, [1_024, 512]],
    ['ten to one', 1, [1_000, 100]],
    ['fifty to one and one', 1, [74, 74, 4_096]],
    ['equal', 2, [1_024, 1_024, 1_024, 1_024]],
    ['more than a core for one', 2, [8_192, 512, 512]],
  ])('divides the CPUs by shares: %s', (_, cores, shares) => {
    const { members, run } = machine(cores, shares)
    run(20_000)
    for (const [index, part] of fairParts(cores, shares).entries()) {
      expect((usedOf(members)[index] ?? 0) / 20_000 / part).toBeCloseTo(1, 1)
    }
  })
  const shares = fc.array(fc.integer({ min: 64, max: 4_096 }), { minLength: 1, maxLength: 8 })
  const cpus = fc.integer({ min: 1, max: 4 })
  it('gives everybody the fair part within a fifth, where nobody is due more than a core', () => {
    fc.assert(
      fc.property(shares, cpus, (weights, cores) => {
        fc.pre(Math.max(...weights) * cores <= sum(weights))
        const { members, run } = machine(cores, weights)
        run(4_000)
        for (const [index, part] of fairParts(cores, weights).entries()) {
          const got = (usedOf(members)[index] ?? 0) / 4_000
          expect(Math.abs(got - part)).toBeLessThan(0.2 * part + 0.02)
        }
      }),
      { numRuns: 15, endOnFailure: true },
    )
  })
  it('lets no CPU idle, and gives who has more shares no less', () => {
    fc.assert(
      fc.property(shares, cpus, (weights, cores) => {
        const { members, run, offered } = machine(cores, weights)
        run(4_000)
        expect(sum(usedOf(members)) / offered()).toBeGreaterThan(0.95)
        const ranked = [...members].sort((one, two) => one.shares - two.shares)
        for (const [index, { used }] of ranked.entries()) {
          const before = ranked[index - 1]?.used ?? 0
          expect(used).toBeGreaterThan(0.9 * before - 40)
        }
      }),
      { numRuns: 15, endOnFailure: true },
    )
  })
  it('never holds a lone container, nor as many as there are cores', () => {
    const { members, run } = machine(2, [2, 262_144])
    run(1_000)
    expect(usedOf(members)).toEqual([1_000, 1_000])
  })
  it('starves nobody, whatever the shares', () => {
    const { members, run } = machine(1, [262_144, 2])
    run(5_000)
    expect(members[1]?.used).toBeGreaterThan(0)
    const some = machine(1, [1_024, 16])
    some.run(60_000)
    expect(some.members[1]?.longestWait).toBeLessThan(1_500)
  })
  /** Its processes, and what it is due of `cores` CPUs. */
  const trees: readonly (readonly [
    string,
    number,
    readonly (readonly [number, number, number])[],
  ])[] = [
    [
      'eight against one, on two cores',
      2,
      [
        [8, 1_024, 1],
        [1, 1_024, 1],
      ],
    ],
    [
      'eight against one, on one core',
      1,
      [
        [8, 1_024, 0.5],
        [1, 1_024, 0.5],
      ],
    ],
    [
      'one against eight, by three shares to one',
      1,
      [
        [1, 3_072, 0.75],
        [8, 1_024, 0.25],
      ],
    ],
    [
      'three trees',
      2,
      [
        [5, 1_024, 2 / 3],
        [2, 1_024, 2 / 3],
        [9, 1_024, 2 / 3],
      ],
    ],
    [
      'one that may have no more than a core',
      2,
      [
        [1, 8_192, 1],
        [6, 512, 1],
      ],
    ],
  ]
  it.each(trees)(
    'divides the CPUs between containers, whatever number of processes: %s',
    (_, cores, all) => {
      const shares = all.flatMap(([count, share]) => Array.from({ length: count }, () => share))
      const firsts = all.map((_one, at) =>
        all.slice(0, at).reduce((sum, [count]) => sum + count, 0),
      )
      const groups = all.flatMap(([count], at) =>
        Array.from({ length: count }, () => firsts[at] ?? 0),
      )
      const { members, run } = machine(cores, shares, groups)
      run(20_000)
      for (const [at, [count, , due]] of all.entries()) {
        const first = firsts[at] ?? 0
        const own = usedOf(members).slice(first, first + count)
        expect(sum(own) / 20_000 / due).toBeCloseTo(1, 1)
        // And each of its processes has its part of that.
        for (const one of own) expect(one / (sum(own) / count)).toBeCloseTo(1, 0)
        expect(Math.min(...own)).toBeGreaterThan((0.7 * sum(own)) / count)
      }
    },
  )
  it('leaves a container that nobody competes with to the operating system', () => {
    const { members, run } = machine(1, [1_024, 1_024, 1_024], [0, 0, 0])
    expect(members.map(({ seat }) => seat.contended)).toEqual([false, false, false])
    run(900)
    for (const { used } of members) expect(used).toBeCloseTo(300, 0)
  })
  it('gains nothing by ending and starting processes: they come where their container stands', () => {
    const { queue, members, run, now } = machine(1, [1_024, 1_024, 1_024], [0, 0, 2])
    const [leader, child, other] = members
    if (leader === undefined || child === undefined || other === undefined) throw new Error('three')
    for (let turn = 0; turn < 2_000; turn += 1) {
      run(5)
      if (child.state !== 'running') continue
      // As it does at its end.
      child.seat.charge(child.since * 1_000)
      child.seat.leave(now())
      const next = seatOf(queue, 1, 1_024, 0)
      next.enter(now())
      Object.assign(child, { seat: next, since: 0 })
    }
    expect(other.used / (leader.used + child.used)).toBeCloseTo(1, 1)
  })
  it('a container that slept as a whole is owed nothing, and one of which some run has not slept', () => {
    const queue = RunQueue.create(4, 1, () => bell)
    const [first, second, other] = [seatOf(queue, 0), seatOf(queue, 1, 0, 0), seatOf(queue, 2)]
    for (const seat of [first, second, other]) seat.enter(0)
    other.advance(100_000, 1)
    second.leave(1)
    second.enter(2)
    expect(queue.containerOf(0).pass).toBe(0)
    for (const seat of [first, second]) seat.leave(3)
    second.enter(4)
    expect(queue.containerOf(0).pass).toBe(queue.containerOf(2).pass)
    // The next container whose PID 1 sits there begins with the others, too.
    second.leave(5)
    first.charge(900_000)
    seatOf(queue, 0).enter(6)
    expect(queue.containerOf(0).pass).toBe(queue.containerOf(2).pass)
  })
  it('does not count those asleep, and owes them nothing afterwards', () => {
    const { members, run, now } = machine(1, [1_024, 1_024])
    const [busy, sleeper] = members
    if (busy === undefined || sleeper === undefined) throw new Error('two members')
    sleeper.seat.leave(now())
    sleeper.state = 'asleep'
    run(10_000)
    expect(busy.used).toBe(10_000)
    sleeper.seat.enter(now())
    sleeper.state = 'running'
    run(1_000)
    expect(busy.used - 10_000).toBeCloseTo(500, -2)
  })
  it('forgets one whose worker died, and wakes who waited for it', () => {
    const queue = RunQueue.create(2, 1, () => bell)
    const [dead, waiting] = [seatOf(queue, 0), seatOf(queue, 1)]
    dead.enter(0)
    waiting.enter(0)
    expect(waiting.advance(50_000, 1)).toBe(true)
    expect(waiting.mayResume(1)).toBe(false)
    const rung = bell.words[0] ?? 0
    queue.vacate(0, 2)
    expect(bell.words[0]).toBeGreaterThan(rung)
    expect(waiting.mayResume(2)).toBe(true)
  })
  it('does not wait for one that is lost in a call of the host', () => {
    const queue = RunQueue.create(2, 1, () => bell)
    const [lost, waiting] = [seatOf(queue, 0), seatOf(queue, 1)]
    lost.enter(0)
    waiting.enter(0)
    expect(waiting.advance(50_000, 1)).toBe(true)
    expect(waiting.mayResume(490)).toBe(false)
    expect(waiting.mayResume(502)).toBe(true)
  })
  it('lets a waiting process go when it is told to stop', () => {
    const queue = RunQueue.create(2, 1, () => bell)
    const [first, second] = [seatOf(queue, 0), seatOf(queue, 1)]
    const now = performance.now()
    first.enter(now)
    second.enter(now)
    expect(second.advance(50_000, now)).toBe(true)
    let looks = 0
    const park = (changed: () => boolean): boolean => {
      looks += 1
      return changed()
    }
    // A look that changes nothing ends at the backstop, and is followed by another.
    second.waitForTurn(park, () => looks === 3)
    expect(looks).toBe(3)
    expect(second.mayResume(performance.now())).toBe(false)
  })
  it('has room for slots of every word', () => {
    const queue = RunQueue.create(70, 1, () => bell)
    for (const slot of [0, 31, 32, 69]) queue.setRunnable(slot, true)
    expect([...queue.runnable()].sort((a, b) => a - b)).toEqual([0, 31, 32, 69])
    queue.setRunnable(31, false)
    expect(queue.runnable()).not.toContain(31)
  })
})
