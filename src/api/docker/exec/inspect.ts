import { endOf } from '../../../engine/container/exec/exec.ts'
import type { ExecState } from '../../../engine/container/exec/exec-state.ts'
import { isRemovable } from '../../../engine/container/exec/execs.ts'
import type { FoundExec } from '../../../engine/container/exec/find-exec.ts'
import type { Containers } from '../../../engine/engine.ts'
import { referenceOf } from '../containers/verbs.ts'
import type { Handler, SystemFacts } from '../context.ts'
import { json } from '../json.ts'

function pidOf(state: ExecState): number {
  if (state.status === 'running') return state.process.pid
  return state.status === 'ended' ? state.pid : 0
}

/** @source Docker Engine API, ExecInspect */
function execShape({ container, exec }: FoundExec, now: Date) {
  const { spec, options, state } = exec
  return {
    ID: exec.id,
    Running: state.status === 'starting' || state.status === 'running',
    ExitCode: endOf(exec)?.exitCode ?? null,
    ProcessConfig: {
      tty: spec.terminal !== undefined,
      entrypoint: spec.args[0] ?? '',
      arguments: spec.args.slice(1),
      privileged: options.privileged,
      ...(spec.user !== '' && { user: spec.user }),
    },
    OpenStdin: options.attachStdin,
    OpenStderr: options.attachStderr,
    OpenStdout: options.attachStdout,
    CanRemove: isRemovable(exec, now),
    ContainerID: container.id,
    // Bytes, as Go writes them.
    DetachKeys: Buffer.from(options.detachKeys).toString('base64'),
    Pid: pidOf(state),
  }
}

/** 200, 404. */
export const inspectExec =
  (containers: Pick<Containers, 'findExec'>, now: SystemFacts['now']): Handler =>
  (c) =>
    json(execShape(containers.findExec(referenceOf(c)), now()))
