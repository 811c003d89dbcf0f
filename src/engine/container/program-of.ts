import type { ExecSpec } from '../../contract/guest-spec.ts'
import type { ContainerRecord } from './container-record.ts'
import type { ContainerParts } from './containers.ts'
import { findProgram } from './find-program.ts'

/**
 * The module that a process of a container begins with, and the container's image.
 *
 * @throws EngineError `NO_SUCH_COMMAND` | `NO_SUCH_IMAGE`.
 */
export async function programOf(
  { image }: Pick<ContainerParts, 'image'>,
  { spec }: Pick<ContainerRecord, 'spec'>,
  process: Pick<ExecSpec, 'args' | 'environment' | 'workingDirectory'>,
) {
  const { root } = await image(spec.imageId)
  const files = await root.files()
  const path = process.environment.find((entry) => entry.startsWith('PATH='))
  const search = {
    files: new Map(files.map((file) => [file.path, file])),
    inputFiles: spec.guest.files,
    mounts: spec.guest.mounts,
    workingDirectory: process.workingDirectory,
    searchPath: path?.slice('PATH='.length) ?? '',
  }
  return { source: findProgram(search, process.args[0] ?? ''), root, files }
}
