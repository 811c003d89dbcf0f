import type { Container } from '../container.ts'
import type { ContainerParts } from '../containers.ts'
import { detachKeysOf } from '../detach-keys.ts'
import { announceExec } from './announce-exec.ts'
import { Exec, type ExecRequest } from './exec.ts'
import { execSpecOf } from './exec-spec-of.ts'
import { readyForExec } from './ready-for-exec.ts'

export type CreateExecParts = Pick<ContainerParts, 'events' | 'newId' | 'now'>

/**
 * Describes one more process for a container that runs. It is started once, and is gone when the
 * container ends first.
 *
 * @param reference - as the caller wrote it, for the texts.
 * @throws EngineError `WRONG_STATE` | `INVALID_ARGUMENT` | `NO_FREE_SLOT`: it has too many.
 * @source docker-exec(1); engine API reference, 7
 */
export const createExec =
  (parts: CreateExecParts) =>
  (container: Container, request: ExecRequest, reference?: string): Exec => {
    readyForExec(container, reference)
    const exec = new Exec(parts.newId(), execSpecOf(container.record.spec.guest, request), {
      attachStdin: request.attachStdin ?? false,
      attachStdout: request.attachStdout ?? false,
      attachStderr: request.attachStderr ?? false,
      privileged: request.privileged ?? false,
      detachKeys: detachKeysOf(request.detachKeys ?? ''),
    })
    container.execs.add(exec, parts.now())
    announceExec(parts, container, exec, 'exec_create')
    return exec
  }
