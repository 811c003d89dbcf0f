import { EngineError } from '../../contract/errors.ts'
import { changedConfig } from '../image/config-changes.ts'
import type { CommitRequest } from './commit-request.ts'
import type { Container } from './container.ts'
import { announce, type ContainerParts } from './containers.ts'
import { onTree, type TreeParts } from './on-tree.ts'
import type { ImageConfig } from './root-source.ts'
import { madeVolumes } from './volume-mount.ts'

export type CommitParts = TreeParts & Pick<ContainerParts, 'commitImage'>

function configOf(
  { record: { spec } }: Container,
  { config, changes }: CommitRequest,
): ImageConfig {
  const volumes = madeVolumes(spec.guest.mounts)
  const own: ImageConfig = {
    Entrypoint: spec.entrypoint,
    Cmd: spec.cmd,
    Env: spec.env,
    WorkingDir: spec.guest.workingDirectory,
    User: spec.guest.user,
    Labels: spec.labels,
    ...(spec.healthcheck && { Healthcheck: spec.healthcheck }),
    ...(spec.shell && { Shell: spec.shell }),
    ...(volumes && { Volumes: volumes }),
    ...(spec.stopSignal !== '' && { StopSignal: spec.stopSignal }),
  }
  return changedConfig({ ...own, ...config }, changes)
}

/**
 * Makes an image of a container's files as they are now: all of them, in one layer. A container that
 * runs is caught between two steps of its guest, so that nothing need be paused.
 *
 * @returns the image's id.
 * @throws EngineError `INVALID_ARGUMENT`: a change that cannot be read. `WRONG_STATE`.
 * @source engine API reference, 12.2
 */
export const commit =
  (parts: CommitParts) =>
  async (container: Container, request: CommitRequest): Promise<string> => {
    const { status } = container.record.state
    if (status === 'dead' || status === 'removing') {
      throw new EngineError(
        'WRONG_STATE',
        `You cannot commit container ${container.id} which is ${status}`,
      )
    }
    const config = configOf(container, request)
    const ask = { verb: 'export' } as const
    const { bytes } = await onTree(parts, container, (tree) => parts.cell.tree(tree, ask))
    const { reference, comment, author, changes } = request
    const parent = container.record.spec.imageId
    const id = await parts.commitImage(
      { reference, comment, author, changes, parent, config },
      bytes,
    )
    const imageRef = reference ?? ''
    announce(parts, container.record, 'commit', { comment, imageID: id, imageRef })
    return id
  }
