import type { CellExit } from '../../contract/cell.ts'
import { EngineError } from '../../contract/errors.ts'
import type { Exit } from '../../contract/state.ts'
import type { Container, Run } from './container.ts'
import { advance, announce, type ContainerParts } from './containers.ts'
import { untilExecsOver } from './exec/until-execs-over.ts'
import { healthCeased, stopMonitor } from './health/monitor.ts'
import { removeInTurn } from './remove.ts'
import { restartDelay } from './restart-policy.ts'
import { startFailure, startInTurn } from './start.ts'
import { giveAll } from './surroundings.ts'
import { resultOf } from './waits.ts'

const MS_PER_S = 1_000

type Outcome = Pick<Exit, 'code' | 'error' | 'oomKilled'>

const outcomeOf = (ended: CellExit): Outcome => ({
  code: ended.exitCode,
  oomKilled: ended.oomKilled,
  error: ended.layerLoss ?? (ended.reason === 'lost' ? (ended.message ?? '') : ''),
})

/** A guest that could not begin: its worker or its cell says so after the start was answered. */
function neverBegan(parts: ContainerParts, error: unknown): Outcome {
  if (!(error instanceof EngineError)) parts.report(error)
  return { ...startFailure(error), oomKilled: false }
}

function exitOf(parts: ContainerParts, container: Container, outcome: Outcome): Exit {
  const { state } = container.record
  return {
    ...outcome,
    startedAt: 'startedAt' in state ? state.startedAt : undefined,
    finishedAt: parts.now(),
  }
}

const ranMs = ({ startedAt, finishedAt }: Exit): number =>
  finishedAt.getTime() - (startedAt?.getTime() ?? finishedAt.getTime())

/** The record, then those who wait, then the events: a client that hears `die` finds the exit. */
async function recordExit(parts: ContainerParts, container: Container, exit: Exit): Promise<void> {
  const { spec, restartCount, stoppedByHand } = container.record
  const delay = parts.all.closing
    ? undefined
    : restartDelay(spec.restartPolicy, {
        exitCode: exit.code,
        ranMs: ranMs(exit),
        restarts: restartCount,
        stoppedByHand,
        lastDelayMs: container.restart?.delayMs ?? 0,
      })
  const health = healthCeased(container.record)
  if (delay === undefined) await advance(parts, container, { type: 'exit', exit }, health)
  else {
    const retryAt = new Date(exit.finishedAt.getTime() + delay)
    const changes = { ...health, restartCount: restartCount + 1 }
    await advance(parts, container, { type: 'backoff', exit, retryAt }, changes)
    scheduleRestart(parts, container, delay)
  }
  container.waits.stopped(resultOf(exit))
  giveAll(parts.surroundings, container.record)
  if (exit.oomKilled) announce(parts, container.record, 'oom')
  announce(parts, container.record, 'die', {
    exitCode: String(exit.code),
    execDuration: String(Math.floor(ranMs(exit) / MS_PER_S)),
  })
}

/** A start by policy that fails ends the matter: the container has exited. */
function scheduleRestart(parts: ContainerParts, container: Container, delayMs: number): void {
  const restart = (): void =>
    void container.turn.run(async () => {
      if (container.record.state.status !== 'restarting') return
      await startInTurn(parts, container).catch(() => undefined)
    })
  container.restart = { delayMs, timer: setTimeout(restart, delayMs) }
}

/**
 * Waits for the end of a run and does what follows from it: the last output, the record, the waits,
 * the events, a restart by policy or the automatic removal. Never rejects.
 */
export async function whenEnded(
  parts: ContainerParts,
  container: Container,
  run: Run,
): Promise<void> {
  const outcome = await run.process.ended.then(outcomeOf, (error: unknown) =>
    neverBegan(parts, error),
  )
  stopMonitor(container)
  await untilExecsOver(parts, container)
  await container.log.flush()
  await container.log.close()
  container.attachments.end()
  await container.turn.run(async () => {
    container.run = undefined
    container.execs.cutOff()
    container.stdin?.close()
    container.renewStdin()
    await recordExit(parts, container, exitOf(parts, container, outcome))
    if (container.record.spec.autoRemove && !container.restarting) {
      await removeInTurn(parts, container, { volumes: true })
    }
  })
  run.over.resolve()
}
