import { expect, it } from 'vitest'
import type { GuestSpec } from '../../../../src/contract/guest-spec.ts'
import type { ContainerState, Exit } from '../../../../src/contract/state.ts'
import type { ContainerRecord } from '../../../../src/engine/container/container-record.ts'
import { DEFAULT_LOG } from '../../../../src/engine/container/container-spec.ts'
import type { LimitsSpec } from '../../../../src/engine/container/run-spec.ts'
import { CONTAINER } from '../../../../src/engine/store/container-shape.ts'
import { recordOf, recordText } from '../../../../src/engine/store/record-text.ts'
import { containerRecord } from '../../../support/container-record.ts'

const AT = new Date(1_700_000_000_123)
const exit: Exit = { code: 3, oomKilled: true, error: 'x', startedAt: AT, finishedAt: AT }

const LIMITS: Required<LimitsSpec> = {
  memory: '64m',
  disk: 1,
  inodes: 2,
  openFiles: 3,
  fileSize: '4k',
  pids: 5,
  cpus: 0.5,
  cpuQuota: 6,
  cpuPeriod: 7,
  cpuShares: 8,
  readBps: 9,
  writeBps: '10m',
  readIops: 11,
  writeIops: 12,
  fuel: 13n,
  timeoutMs: 14,
  collect: '15m',
  oomPolicy: 'fail',
}

const plain = containerRecord().spec.guest
const guest: GuestSpec = {
  ...plain,
  mounts: [
    { type: 'bind', source: '/a', target: '/b', readOnly: true },
    { type: 'tmpfs', target: '/t', size: 1, mode: 0o1777, readOnly: false },
    { type: 'tmpfs', target: '/u', size: undefined, mode: 0o700, readOnly: false },
  ],
  personality: 'strict',
  escapeErrno: 'NOTCAPABLE',
  files: [{ path: '/f', bytes: Uint8Array.of(0, 255, 128), mode: 0o644 }],
  collect: ['/f'],
  limits: { ...plain.limits, fuel: 2n ** 62n, cpuQuota: 5_000, timeoutMs: 1 },
  deterministic: { seed: 1, epoch: 2 },
  terminal: { rows: 24, columns: 80 },
}

const STATES: readonly ContainerState[] = [
  { status: 'created', last: undefined },
  { status: 'created', last: { ...exit, startedAt: undefined } },
  { status: 'running', pid: 1, startedAt: AT },
  { status: 'paused', pid: 1, startedAt: AT },
  { status: 'restarting', last: exit, retryAt: AT },
  { status: 'removing', last: undefined },
  { status: 'exited', last: exit },
  { status: 'dead', last: exit, reason: 'stuck' },
]

it.each(STATES)('a container is kept with everything it was created with: $status', (state) => {
  const restartPolicy = { name: 'on-failure', maximumRetryCount: 3 } as const
  const labels = { a: 'b', 'com.example/x': '', $date: 'no tag' }
  const record = containerRecord({
    state,
    restartCount: 2,
    stoppedByHand: true,
    spec: { limits: LIMITS, guest, restartPolicy, labels, stopTimeout: 5 },
  })
  expect(CONTAINER.shape.parse(recordOf(recordText(record)))).toStrictEqual(record)
})

it('a container is kept with what is known of its health', () => {
  const probe = { start: AT, end: AT, exitCode: -1, output: 'no\u0000 shell' }
  const record = containerRecord({
    health: { status: 'unhealthy', failingStreak: 3, log: [probe, { ...probe, exitCode: 1 }] },
  })
  expect(CONTAINER.shape.parse(recordOf(recordText(record)))).toStrictEqual(record)
})

it.each([true, false])(
  'one that was stored before guests had terminals has none; init %s',
  (init) => {
    const record = containerRecord({
      spec: { init, guest: { ...guest, terminal: undefined, init } },
    })
    const { terminal, init: ownInit, ...earlier } = record.spec.guest
    expect([terminal, ownInit]).toEqual([undefined, init])
    const stored = { ...record, spec: { ...record.spec, guest: earlier } }
    expect(CONTAINER.shape.parse(recordOf(recordText(stored as ContainerRecord)))).toStrictEqual(
      record,
    )
  },
)

it('one that was stored before there was a limit on what comes back has the default', () => {
  const record = containerRecord({ spec: { guest } })
  const { collect, ...limits } = record.spec.guest.limits
  expect(collect).toBe(64 * 2 ** 20)
  const stored = { ...record, spec: { ...record.spec, guest: { ...record.spec.guest, limits } } }
  expect(CONTAINER.shape.parse(recordOf(recordText(stored as ContainerRecord)))).toStrictEqual(
    record,
  )
})

it('one that was stored before logs had drivers has the files that it had', () => {
  const record = containerRecord({ spec: { log: { ...DEFAULT_LOG, maxFiles: 2 } } })
  const { driver, asked, ...earlier } = record.spec.log
  expect([driver, asked]).toEqual(['json-file', {}])
  const stored = { ...record, spec: { ...record.spec, log: earlier } }
  expect(CONTAINER.shape.parse(recordOf(recordText(stored as ContainerRecord)))).toStrictEqual(
    record,
  )
})

it.each([
  ['an id that is none', { id: 'a' }, 'no id of a container'],
  ['a state that is none', { state: { status: 'gone' } }, 'Invalid'],
  ['a state without its data', { state: { status: 'exited' } }, 'Invalid input'],
  ['a health that is none', { health: { status: 'well' } }, 'Invalid option'],
  ['a date that is text', { created: '2026-01-01' }, 'expected date'],
])('%s is no container', (_, change, message) => {
  const result = CONTAINER.shape.safeParse({ ...containerRecord(), ...change })
  expect(result.error?.issues[0]?.message).toContain(message)
})
