import { EngineError } from '../../contract/errors.ts'
import { ANONYMOUS, type VolumeRecord } from './volume-record.ts'
import { announceVolume, type VolumeParts } from './volumes.ts'

export interface VolumeRequest {
  /** One is made up where there is none. */
  readonly name?: string | undefined
  readonly driver?: string | undefined
  readonly options?: Readonly<Record<string, string>> | undefined
  readonly labels?: Readonly<Record<string, string>> | undefined
}

const invalid = (text: string): EngineError => new EngineError('INVALID_ARGUMENT', text)

/** @source moby, volume/local: RestrictedNameChars; most file systems take names of 255 bytes */
const NAME = /^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/
const LONGEST_NAME = 255
/** No file there can have such a name. @source Microsoft, "Naming Files, Paths, and Namespaces" */
const DEVICE_OF_WINDOWS = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)|\.$/i

/** A name that is one directory's on every platform. EngineError INVALID_ARGUMENT. */
export function checkVolumeName(name: string): void {
  if (name.length === 1) {
    throw invalid(
      `create ${name}: volume name is too short, names should be at least two alphanumeric characters`,
    )
  }
  if (!NAME.test(name)) {
    throw invalid(
      `create ${name}: ${JSON.stringify(name)} includes invalid characters for a local volume name, ` +
        'only "[a-zA-Z0-9][a-zA-Z0-9_.-]" are allowed. If you intended to pass a host directory, ' +
        'use absolute path',
    )
  }
  if (name.length > LONGEST_NAME || DEVICE_OF_WINDOWS.test(name)) {
    throw invalid(`create ${name}: no directory can have this name on every platform`)
  }
}

function checkRequest({ driver = '', options = {} }: VolumeRequest): void {
  if (driver !== '' && driver !== 'local') {
    throw new EngineError(
      'NO_SUCH_PLUGIN',
      `error looking up volume plugin ${driver}: plugin ${JSON.stringify(driver)} not found`,
    )
  }
  const [option] = Object.keys(options)
  if (option !== undefined) throw invalid(`invalid option: ${JSON.stringify(option)}`)
}

/** As `createVolume`, in a turn that the caller holds. */
export async function createVolumeInTurn(
  parts: VolumeParts,
  request: VolumeRequest,
): Promise<VolumeRecord> {
  const { all, directory } = parts
  checkRequest(request)
  const name = request.name || parts.newName()
  checkVolumeName(name)
  const existing = all.find(name)
  if (existing !== undefined) return existing
  if (!(await directory.isFree(name))) {
    throw new EngineError(
      'NAME_IN_USE',
      `create ${name}: the file system takes the name for that of another volume`,
    )
  }
  const labels = { ...request.labels, ...(!request.name && { [ANONYMOUS]: '' }) }
  const record = { name, created: parts.now(), labels }
  await directory.put(record)
  all.add(record)
  announceVolume(parts, name, 'create')
  return record
}

/**
 * Makes a volume, or finds the one that has the name.
 *
 * @throws EngineError `INVALID_ARGUMENT` | `NO_SUCH_PLUGIN` | `NAME_IN_USE`.
 * @source docker-volume-create(1); engine API reference, 14
 */
export const createVolume =
  (parts: VolumeParts) =>
  (request: VolumeRequest): Promise<VolumeRecord> =>
    parts.turn.run(() => createVolumeInTurn(parts, request))
