import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { ContainerId } from '../../../../src/contract/ids.ts'
import type { ContainerState, Exit, Status } from '../../../../src/contract/state.ts'
import type { ContainerRecord } from '../../../../src/engine/container/container-record.ts'
import { AllContainers } from '../../../../src/engine/container/containers.ts'
import { ContainerLog } from '../../../../src/engine/container/log/container-log.ts'
import { type RecoveryParts, recover } from '../../../../src/engine/container/recover.ts'
import type { RestartPolicy } from '../../../../src/engine/container/restart-policy.ts'
import { BARE_CONFIG } from '../../../../src/engine/container/root-source.ts'
import { Events } from '../../../../src/engine/event/events.ts'
import { memoryContainerStore } from '../../../../src/engine/store/container-store.ts'
import { containerRecord } from '../../../support/container-record.ts'
import { BARE_PARTS, QUIET_CELL, QUIET_PROCESS } from '../../../support/engine-parts.ts'

const directory = mkdtempSync(join(tmpdir(), 'recover-'))
afterAll(() => rmSync(directory, { recursive: true }))

const ID = ContainerId.fromRandom(new Uint8Array(32).fill(7))
const ORPHAN = ContainerId.fromRandom(new Uint8Array(32).fill(8))
const THEN = new Date(1_000)
const NOW = new Date(90_000)

const exited = (code: number): Exit => ({
  code,
  oomKilled: false,
  error: '',
  startedAt: THEN,
  finishedAt: THEN,
})

const STATES: { readonly [S in Status]: ContainerState & { status: S } } = {
  created: { status: 'created', last: undefined },
  running: { status: 'running', pid: 3, startedAt: THEN },
  paused: { status: 'paused', pid: 3, startedAt: THEN },
  restarting: { status: 'restarting', last: exited(1), retryAt: THEN },
  removing: { status: 'removing', last: exited(1) },
  exited: { status: 'exited', last: exited(1) },
  dead: { status: 'dead', last: exited(1), reason: 'stuck' },
}

/** A cell in which everything runs for ever; it can be told to refuse. */
const cellOf = (refuse: boolean): RecoveryParts['cell'] => ({
  ...QUIET_CELL,
  start: () => {
    if (refuse) throw new Error('refused')
    const forEver = new Promise<never>(() => {})
    return { ...QUIET_PROCESS, pid: 9, ended: forEver, kill: () => {} }
  },
})

async function recovered(record: ContainerRecord, how: { refuse?: boolean; stuck?: boolean } = {}) {
  const store = memoryContainerStore()
  await store.put(record)
  const discarded: string[] = []
  const reports: unknown[] = []
  const program = { path: '/bin/x', type: 'regular', mode: 0o755, size: 1, uid: 0, gid: 0 } as const
  const source = { kind: 'host-file', path: '/x', digest: 'd' } as const
  const parts: RecoveryParts = {
    ...BARE_PARTS,
    cell: cellOf(how.refuse ?? false),
    store,
    events: new Events(() => 0),
    all: new AllContainers(),
    report: (error) => reports.push(error),
    image: async (id) => {
      const files = async () => [{ ...program, modified: 0n, source }]
      return { id, root: { key: 'k', config: BARE_CONFIG, files } }
    },
    logOf: ({ id, spec }) => new ContainerLog(join(directory, id), spec.log, () => 0n),
    discard: async (id) => {
      if (how.stuck === true) throw new Error('disk on fire')
      discarded.push(id)
    },
    kept: async () => (how.stuck === true ? [record.id] : [record.id, ORPHAN]),
    started: () => {},
    after: () => () => {},
    now: () => NOW,
    newId: () => ID,
    random: () => 0,
  }
  const resume = await recover(parts)
  const before = parts.all.list()[0]?.record.state
  await resume()
  return { parts, store, before, after: parts.all.list()[0]?.record, discarded, reports }
}

const policy = (text: string): RestartPolicy => {
  const [name, count] = text.split(':')
  // From the tables below.
  return { name: name as RestartPolicy['name'], maximumRetryCount: Number(count ?? 0) }
}

// What a daemon makes of every state that an earlier one left, by restart policy. Two words: as it
// was, and stopped by hand before. '-' is gone.
const MATRIX = `
              no                always            unless-stopped    on-failure
  created     created created   created created   created created   created created
  running     exited  exited    running running   running exited    running running
  paused      exited  exited    running running   running exited    running running
  restarting  exited  exited    running running   running exited    running running
  removing    -       -         -       -         -       -         -       -
  exited      exited  exited    running running   running exited    running running
  dead        dead    dead      dead    dead      dead    dead      dead    dead
`
const [header = [], ...rows] = MATRIX.trim()
  .split('\n')
  .map((line) => line.trim().split(/\s+/))
const cells = rows.flatMap(([status = '', ...words]) =>
  words.map((word, index) => [
    status as Status,
    header[index >> 1] ?? '',
    index % 2 === 1 ? 'stopped by hand' : 'left alone',
    word,
  ]),
) as readonly (readonly [Status, string, string, string])[]

describe('a container that an earlier daemon left', () => {
  it('the matrix has every state', () => {
    expect(rows.map(([status]) => status)).toEqual(Object.keys(STATES))
    expect(cells).toHaveLength(7 * 4 * 2)
  })
  it.each(cells)('%s, %s, %s: %s', async (status, restart, hand, word) => {
    const record = containerRecord({
      id: ID,
      state: STATES[status],
      stoppedByHand: hand === 'stopped by hand',
      spec: { restartPolicy: policy(restart) },
    })
    const { parts, store, after, discarded, reports } = await recovered(record)
    expect(after?.state.status ?? '-').toBe(word)
    expect(reports).toEqual([])
    // What the engine sees is what is stored.
    expect(await store.all()).toEqual(after === undefined ? [] : [after])
    expect(discarded).toEqual(word === '-' ? [ORPHAN, ID] : [ORPHAN])
    expect(parts.all.hasName(record.name)).toBe(word !== '-')
  })
  it.each([
    ['on-failure', 0, 0, 'exited'],
    ['on-failure', 1, 9, 'running'],
    ['on-failure:2', 1, 1, 'running'],
    ['on-failure:2', 1, 2, 'exited'],
    ['always', 0, 0, 'running'],
  ])('exited, %s, with code %i after %i restarts: %s', async (restart, code, count, word) => {
    const state = { status: 'exited', last: exited(code) } as const
    const spec = { restartPolicy: policy(restart) }
    const { after } = await recovered(containerRecord({ id: ID, state, restartCount: count, spec }))
    expect(after?.state.status).toBe(word)
    // A start by a daemon counts as one by hand: restarts are counted anew.
    expect(after?.restartCount).toBe(word === 'running' ? 0 : count)
  })
  it.each(['created', 'running', 'exited', 'removing', 'dead'] as const)(
    'that was to be removed after its run is removed: %s',
    async (status) => {
      const record = containerRecord({ id: ID, state: STATES[status], spec: { autoRemove: true } })
      const { after, store, discarded } = await recovered(record)
      expect([after, await store.all()]).toEqual([undefined, []])
      expect(discarded).toEqual([ORPHAN, ID])
    },
  )
  it.each(['running', 'paused'] as const)('that was %s says why it has ended', async (status) => {
    const { before, parts } = await recovered(containerRecord({ id: ID, state: STATES[status] }))
    const error = 'the daemon died while it ran: what it had written since its start is lost'
    const last = { code: 137, oomKilled: false, error, startedAt: THEN, finishedAt: NOW }
    expect(before).toEqual({ status: 'exited', last })
    expect(parts.events.recent().map(({ action }) => action)).toEqual(['die'])
  })
  it.each(['running', 'exited'] as const)(
    'that was %s has the health it had, and begins anew when it is started',
    async (status) => {
      const log = [{ start: THEN, end: THEN, exitCode: 0, output: 'well' }]
      const health = { status: 'healthy', failingStreak: 0, log } as const
      const left = (restart: string) =>
        containerRecord({
          id: ID,
          state: STATES[status],
          health,
          spec: { restartPolicy: policy(restart), healthcheck: { Test: ['CMD', 'x'] } },
        })
      const { after, store } = await recovered(left('no'))
      expect(after).toMatchObject({ state: { status: 'exited' }, health })
      expect(await store.all()).toEqual([after])
      const again = await recovered(left('always'))
      expect(again.after).toMatchObject({ state: { status: 'running' } })
      expect(again.after?.health).toEqual({ status: 'starting', failingStreak: 0, log })
      expect(await again.store.all()).toEqual([again.after])
    },
  )
  it('that cannot be started has exited, and the daemon goes on', async () => {
    const spec = { restartPolicy: policy('always') }
    const record = containerRecord({ id: ID, state: STATES.running, spec })
    const { after, reports } = await recovered(record, { refuse: true })
    expect(after?.state).toMatchObject({ status: 'exited', last: { code: 128 } })
    expect(reports).toEqual([expect.objectContaining({ message: 'refused' })])
  })
  it('whose removal fails again is dead, and the daemon goes on', async () => {
    const record = containerRecord({ id: ID, state: STATES.removing })
    const { after, reports } = await recovered(record, { stuck: true })
    expect(after?.state).toMatchObject({ status: 'dead', reason: 'disk on fire' })
    expect(reports).toEqual([expect.objectContaining({ message: 'disk on fire' })])
  })
})
