import { EngineError } from '../../contract/errors.ts'
import { SIGKILL } from '../../contract/signals.ts'
import type { Container } from './container.ts'
import { advance, announce, type ContainerParts } from './containers.ts'
import { killInTurn } from './kill.ts'
import { resultOf } from './waits.ts'

export interface RemoveOptions {
  /** Kills a container that runs. */
  readonly force?: boolean
  /** Takes its anonymous volumes along. */
  readonly volumes?: boolean
}

const conflict = (text: string): EngineError => new EngineError('WRONG_STATE', text)

/** Removes a container that rests, in a turn that the caller holds. */
export async function removeInTurn(
  parts: ContainerParts,
  container: Container,
  options: Pick<RemoveOptions, 'volumes'>,
): Promise<void> {
  await advance(parts, container, { type: 'remove' })
  await finishRemoval(parts, container, options)
}

/** The rest of a removal that is recorded; after a crash it is done again from here. */
export async function finishRemoval(
  parts: ContainerParts,
  container: Container,
  options: Pick<RemoveOptions, 'volumes'>,
): Promise<void> {
  const { record } = container
  const last = 'last' in record.state ? record.state.last : undefined
  try {
    await container.log.close()
    await parts.discard(record.id)
    await parts.store.delete(record.id)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    await advance(parts, container, { type: 'stuck', reason })
    container.waits.removed({ exitCode: last?.code ?? 0, error: 'removal failed' })
    throw error
  }
  parts.all.remove(container)
  if (options.volumes === true) await parts.volumes.dropAnonymous(record)
  container.attachments.end()
  // Who waits for a container that never ran is told why by the start's own answer.
  const { exitCode, error } = resultOf(last)
  const ran = last?.startedAt !== undefined
  container.waits.removed({ exitCode, error: ran ? error : undefined })
  announce(parts, record, 'destroy')
}

/**
 * Removes a container: its record, its writable layer and its log.
 *
 * @param reference - as the caller wrote it, for the texts.
 * @throws EngineError `WRONG_STATE`: it runs, and `force` was not given.
 * @source engine API reference, 6.3 and 15
 */
export const remove =
  (parts: ContainerParts) =>
  async (container: Container, options: RemoveOptions, reference: string): Promise<void> => {
    const cannot = (why: string): EngineError =>
      conflict(`cannot remove container "${reference}": ${why}`)
    if (container.record.state.status === 'removing') {
      throw conflict(`removal of container ${reference} is already in progress`)
    }
    if (options.force !== true) {
      const { status } = container.record.state
      if (status === 'paused') throw cannot('container is paused and must be unpaused first')
      if (status === 'running' || status === 'restarting') {
        throw cannot(`container is ${status}: stop the container before removing or force remove`)
      }
    }
    const { run } = container
    await container.turn.run(() => killInTurn(parts, container, SIGKILL))
    await run?.over.promise
    await container.turn.run(async () => {
      // An automatic removal came first.
      if (parts.all.has(container)) await removeInTurn(parts, container, options)
    })
  }
