import { describe, expect, it } from 'vitest'
import { Seats, type Waiting } from '../../../src/cell/seats.ts'
import type { WorkerSeat } from '../../../src/cell/worker-seat.ts'

/** Seats whose threads and whose time are the test's. */
function seatsOf({ slots = 8, cores = 2 } = {}) {
  let now = 1_000
  const alarms: { readonly at: number; readonly then: () => void }[] = []
  const log: string[] = []
  const workers = new Map<number, WorkerSeat>()
  const seats = new Seats({
    slots,
    cores,
    start: (slot) => {
      log.push(`start ${slot}`)
      const worker = {
        slot,
        idleSince: 0,
        hold: () => {},
        terminate: () => log.push(`terminate ${slot}`),
      }
      workers.set(slot, worker as unknown as WorkerSeat)
      return worker as unknown as WorkerSeat // what `Seats` uses of one
    },
    later: (ms, then) => void alarms.push({ at: now + ms, then }),
    now: () => now,
  })
  const worker = (slot: number): WorkerSeat => {
    const found = workers.get(slot)
    if (found === undefined) throw new Error(`no worker ${slot}`)
    return found
  }
  const job = (name: string, urgent = false): Waiting => ({
    urgent,
    sit: ({ slot }) => void log.push(`${name} sits ${slot}`),
    fail: () => void log.push(`${name} fails`),
  })
  return {
    seats,
    worker,
    job,
    /** Asks for a worker for each of these. */
    ask: (...names: readonly string[]) => {
      for (const name of names) seats.seat(job(name))
    },
    started: (...slots: readonly number[]) => {
      for (const slot of slots) seats.started(worker(slot))
    },
    pass: (ms: number) => {
      now += ms
      const due = alarms.filter(({ at }) => at <= now)
      alarms.splice(0, alarms.length, ...alarms.filter(({ at }) => at > now))
      for (const { then } of due) then()
    },
    /** What has happened since the last look. */
    seen: () => log.splice(0),
  }
}

describe('seats for jobs', () => {
  it('start a thread for the first job, and it sits when the thread has started', () => {
    const { ask, started, seen } = seatsOf()
    ask('a')
    expect(seen()).toEqual(['start 0'])
    started(0)
    expect(seen()).toEqual(['a sits 0'])
  })
  it('give the worker that was used last, so that the others grow old', () => {
    const { seats, ask, started, seen, worker } = seatsOf()
    ask('a', 'b')
    started(0, 1)
    seats.release(worker(0))
    seats.release(worker(1))
    seen()
    ask('c')
    seats.release(worker(1))
    ask('d')
    expect(seen()).toEqual(['c sits 1', 'd sits 1'])
  })
  it('let a job wait while as many as there are cores have only just begun', () => {
    const { seats, ask, started, seen, pass, worker } = seatsOf()
    ask('a', 'b')
    pass(100)
    started(0, 1)
    seen()
    ask('c', 'd')
    expect(seen()).toEqual([])
    seats.release(worker(1))
    seats.release(worker(0))
    expect(seen()).toEqual(['c sits 1', 'd sits 0'])
  })
  it('give what is urgent an idle worker at once, however many have only just begun', () => {
    const { seats, ask, job, started, seen, pass, worker } = seatsOf()
    ask('a', 'b', 'c')
    started(0, 1)
    pass(100)
    started(2)
    for (const slot of [2, 1, 0]) seats.release(worker(slot))
    seen()
    ask('d', 'e', 'f')
    expect(seen()).toEqual(['d sits 0', 'e sits 1'])
    seats.seat(job('g', true))
    seats.seat(job('h', true))
    // No thread is started for those that wait: most are over sooner.
    expect(seen()).toEqual(['g sits 2'])
    seats.release(worker(1))
    expect(seen()).toEqual(['h sits 1'])
    seats.release(worker(0))
    seats.release(worker(2))
    expect(seen()).toEqual(['f sits 2'])
  })
  it('know who has only just begun beside a worker: for a tenth of a start, or until its end', () => {
    const { seats, ask, started, pass, worker } = seatsOf()
    ask('a', 'b')
    pass(100)
    started(0)
    const begin = () => [0, 1].map((slot) => seats.othersBegin(worker(slot)))
    expect(begin()).toEqual([false, true])
    started(1)
    expect(begin()).toEqual([true, true])
    seats.release(worker(1))
    expect(begin()).toEqual([false, true])
    pass(10)
    expect(begin()).toEqual([false, false])
  })
  it('let no job wait for one that does not end: a tenth of a start later a thread starts', () => {
    const { ask, started, seen, pass } = seatsOf()
    ask('a', 'b')
    pass(100)
    started(0, 1)
    seen()
    ask('c', 'd', 'e')
    pass(9)
    expect(seen()).toEqual([])
    pass(1)
    // Two at once, as there are cores; the third when one of these has started.
    expect(seen()).toEqual(['start 2', 'start 3'])
    pass(100)
    started(2)
    expect(seen()).toEqual(['c sits 2', 'start 4'])
    started(3)
    expect(seen()).toEqual(['d sits 3'])
    pass(100)
    started(4)
    expect(seen()).toEqual(['e sits 4'])
  })
  it('are never more threads than slots, and who waits gets the next that is free', () => {
    const { seats, ask, started, seen, pass, worker } = seatsOf({ slots: 2 })
    ask('a', 'b')
    started(0, 1)
    pass(1_000)
    ask('c')
    pass(1_000)
    expect(seen()).toEqual(['start 0', 'start 1', 'a sits 0', 'b sits 1'])
    seats.release(worker(0))
    expect(seen()).toEqual(['c sits 0'])
  })
  it('forget a job that need not wait any more', () => {
    const { seats, job, started, seen } = seatsOf()
    const waiting = job('a')
    seats.seat(waiting)
    expect(seats.forget(waiting)).toBe(true)
    expect(seats.forget(waiting)).toBe(false)
    started(0)
    expect(seen()).toEqual(['start 0'])
  })
  it('fail the job for which a thread does not come up, and start one for the next', () => {
    const { seats, ask, seen, worker } = seatsOf()
    ask('a')
    seats.lost(worker(0))
    expect(seen()).toEqual(['start 0', 'a fails'])
    ask('b')
    expect(seen()).toEqual(['start 0'])
    expect(seats.threads).toBe(1)
  })
  it('take a worker that died out, whatever it was doing', () => {
    const { seats, ask, started, seen, worker } = seatsOf({ slots: 2 })
    ask('a', 'b')
    started(0, 1)
    seats.release(worker(1))
    seats.lost(worker(1))
    seats.lost(worker(0))
    expect(seats.threads).toBe(0)
    seen()
    ask('c', 'd')
    expect(seen()).toEqual(['start 0', 'start 1'])
  })
  it('end the workers that nobody has needed for 30 s, and only those', () => {
    const { seats, ask, started, seen, pass, worker } = seatsOf()
    ask('a', 'b')
    started(0, 1)
    seats.release(worker(0))
    pass(20_000)
    seats.release(worker(1))
    seen()
    pass(10_000)
    seats.trim()
    seats.trim()
    expect(seen()).toEqual(['terminate 0'])
    ask('c')
    expect(seen()).toEqual(['c sits 1'])
  })
})
