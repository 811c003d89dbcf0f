import type { ExecSpec } from '../../contract/guest-spec.ts'
import type { LayerFile } from '../../contract/layer.ts'
import type { ContainerSpec } from './container-spec.ts'
import type { ProgramSearch } from './find-program.ts'

/**
 * Where a process of a container is looked for.
 *
 * @param files - of the container's image.
 */
export function programSearch(
  { guest }: Pick<ContainerSpec, 'guest'>,
  files: readonly LayerFile[],
  process: Pick<ExecSpec, 'environment' | 'workingDirectory'>,
): ProgramSearch {
  const path = process.environment.find((entry) => entry.startsWith('PATH='))
  return {
    files: new Map(files.map((file) => [file.path, file])),
    inputFiles: guest.files,
    mounts: guest.mounts,
    workingDirectory: process.workingDirectory,
    searchPath: path?.slice('PATH='.length) ?? '',
  }
}
