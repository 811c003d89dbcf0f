import { describe, expect, it } from 'vitest'
import { HostBlock } from '../../../src/thread/host-block.ts'
import { plainOutcome, tellPlainly } from '../../../src/thread/plain-end.ts'
import type { ProcessOutcome } from '../../../src/thread/process-task.ts'
import { FUEL_TABLE_VERSION } from '../../../src/wasm/meter.ts'

type Ended = Extract<ProcessOutcome, { ok: true }>

const USAGE = {
  fuel: 2n ** 40n + 5n,
  fuelVersion: FUEL_TABLE_VERSION,
  cpuMs: 1.25,
  wallMs: 3.75,
  peakMemory: 2 ** 33 + 1,
  peakDisk: 77,
  syscalls: 12,
  readBytes: 2 ** 35,
  writtenBytes: 9,
}
const OUTCOME: Ended = {
  ok: true,
  report: { exitCode: 42, reason: 'exit', message: undefined, oomKilled: false, usage: USAGE },
  files: new Map(),
  filesLoss: undefined,
  layerLoss: undefined,
  unpaidUs: 17.5,
}
const ending = (report: Partial<Ended['report']>): Ended => ({
  ...OUTCOME,
  report: { ...OUTCOME.report, ...report },
})

/** A slot whose process has published what it used. */
function slot() {
  const host = HostBlock.create(1)
  const owner = host.control(0)
  const { fuel, cpuMs, syscalls, readBytes, writtenBytes } = USAGE
  const counted = { fuel, cpuMs, syscalls, readBytes, writtenBytes }
  owner.publish({ ...counted, memory: 65_536, memoryLimit: 2 ** 20, processes: 1 }, 10)
  return { owner, main: host.control(0) }
}

describe('an end that is all numbers', () => {
  it.each([0, 1, 42, 255])('with code %i is what the process left, to the last of them', (code) => {
    const { owner, main } = slot()
    const outcome = ending({ exitCode: code })
    expect(plainOutcome(main)).toBeUndefined()
    expect(tellPlainly(owner, outcome)).toBe(true)
    expect(plainOutcome(main)).toEqual(outcome)
  })
  it.each<[string, ProcessOutcome]>([
    ['a trap', ending({ reason: 'trap', exitCode: 134, message: 'trap: unreachable' })],
    ['a kill', ending({ reason: 'killed', exitCode: 137 })],
    ['a signal', ending({ reason: 'signal', exitCode: 143 })],
    ['an exit of which there is something to say', ending({ message: 'words' })],
    ['files', { ...OUTCOME, files: new Map([['/a', new Uint8Array(1)]]) }],
    ['files that are too large', { ...OUTCOME, filesLoss: '/a is too large' }],
    ['a lost layer', { ...OUTCOME, layerLoss: 'lost (EIO)' }],
    ['a start that failed', { ok: false, code: 'INVALID_MODULE', message: 'no' }],
  ])('is none with %s: that goes by message', (_, outcome) => {
    const { owner, main } = slot()
    expect(tellPlainly(owner, outcome)).toBe(false)
    expect(plainOutcome(main)).toBeUndefined()
  })
  it('is nothing to the next process of its slot', () => {
    const { owner, main } = slot()
    tellPlainly(owner, OUTCOME)
    main.free()
    expect(plainOutcome(main)).toBeUndefined()
  })
})
