import type { ContainerId } from '../../contract/ids.ts'
import type { ContainerState } from '../../contract/state.ts'
import { Container } from './container.ts'
import { advance, announce, type ContainerParts } from './containers.ts'
import { finishRemoval, removeInTurn } from './remove.ts'
import { comesBack } from './restart-policy.ts'
import { startInTurn } from './start.ts'
import { resultOf } from './waits.ts'

export interface RecoveryParts extends ContainerParts {
  /** The ids under which something is kept beside the records. */
  kept(): Promise<readonly ContainerId[]>
}

const KILLED = 137
const DAEMON_DIED = 'the daemon died while it ran: what it had written since its start is lost'

/** What was kept, as it was kept. Names and ids are taken from here on. */
async function load(parts: RecoveryParts): Promise<readonly Container[]> {
  const records = await parts.store.all()
  const containers = records.map((record) => new Container(record, parts.logOf(record)))
  for (const container of containers) {
    parts.all.reserve(container.record.name, container.id)
    parts.all.add(container)
  }
  const ids = new Set(containers.map(({ id }) => id))
  const orphans = (await parts.kept()).filter((id) => !ids.has(id))
  await Promise.all(orphans.map((id) => parts.discard(id)))
  return containers
}

async function recordLoss(
  parts: ContainerParts,
  container: Container,
  { startedAt }: Extract<ContainerState, { status: 'running' | 'paused' }>,
): Promise<void> {
  const died = { code: KILLED, oomKilled: false, error: DAEMON_DIED, startedAt }
  const exit = { ...died, finishedAt: parts.now() }
  await advance(parts, container, { type: 'exit', exit })
  container.waits.stopped(resultOf(exit))
  announce(parts, container.record, 'die', { exitCode: String(KILLED) })
}

/** From the state in which a daemon's end left it to one in which a container can rest. */
async function settle(parts: ContainerParts, container: Container): Promise<void> {
  const { state } = container.record
  switch (state.status) {
    case 'running':
    case 'paused':
      return await recordLoss(parts, container, state)
    case 'restarting':
      return await advance(parts, container, { type: 'cancel' })
    case 'removing':
      // Whether its anonymous volumes were to go as well is known of an automatic removal only.
      return await finishRemoval(parts, container, { volumes: container.record.spec.autoRemove })
    case 'created':
    case 'exited':
    case 'dead':
      return
  }
}

function isWanted({ record }: Container): boolean {
  const { state, spec, restartCount, stoppedByHand } = record
  // Who was only created, and who is dead, is not started by a policy.
  if (state.status !== 'exited') return false
  const run = { exitCode: state.last.code, restarts: restartCount, stoppedByHand }
  return comesBack(spec.restartPolicy, run)
}

/** Whoever fails here is reported, and holds up nobody else. */
async function each(
  parts: ContainerParts,
  containers: readonly Container[],
  action: (container: Container) => Promise<void>,
): Promise<void> {
  const one = (container: Container) => container.turn.run(() => action(container))
  await Promise.all(containers.map((container) => one(container).catch(parts.report)))
}

/**
 * Takes over what an earlier daemon left, however it ended: every container is there again under its
 * name and id; what ran has exited with 137; a removal that had begun is finished, and what was to be
 * removed after its run is removed.
 *
 * @returns a function that starts what its restart policy wants to run. A container that cannot be
 *   started has exited, and says why.
 * @throws EngineError `STORE_UNUSABLE`.
 * @source moby daemon/daemon.go, restore
 */
export async function recover(parts: RecoveryParts): Promise<() => Promise<void>> {
  const containers = await load(parts)
  await each(parts, containers, async (container) => {
    await settle(parts, container)
    if (!container.record.spec.autoRemove || !parts.all.has(container)) return
    await removeInTurn(parts, container, { volumes: true })
  })
  const wanted = containers.filter(isWanted)
  return () =>
    each(parts, wanted, async (container) => {
      // Whoever was quicker has decided.
      if (parts.all.has(container) && isWanted(container)) await startInTurn(parts, container)
    })
}
