import type { ExecSpec } from '../../contract/guest-spec.ts'
import type { LayerFile } from '../../contract/layer.ts'
import type { ContainerSpec } from './container-spec.ts'
import type { ProgramSearch } from './find-program.ts'

/** By what an image has: thousands of files are put into a map once, and not for each run. */
const byPath = new WeakMap<readonly LayerFile[], ReadonlyMap<string, LayerFile>>()

function filesByPath(files: readonly LayerFile[]): ReadonlyMap<string, LayerFile> {
  const known = byPath.get(files)
  if (known !== undefined) return known
  const made = new Map(files.map((file) => [file.path, file]))
  byPath.set(files, made)
  return made
}

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
    files: filesByPath(files),
    inputFiles: guest.files,
    mounts: guest.mounts,
    workingDirectory: process.workingDirectory,
    searchPath: path?.slice('PATH='.length) ?? '',
  }
}
