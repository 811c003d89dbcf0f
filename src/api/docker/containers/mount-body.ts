import { z } from 'zod'
import { EngineError } from '../../../contract/errors.ts'
import type { Mount } from '../../../engine/container/run-spec.ts'
import type { VolumeMount } from '../../../engine/container/volume-mount.ts'
import { checkVolumeName } from '../../../engine/volume/create.ts'

/** One entry of `HostConfig.Mounts`. */
export const mountSchema = z.object({
  Type: z.string(),
  Source: z.string().nullish(),
  Target: z.string().nullish(),
  ReadOnly: z.boolean().nullish(),
  VolumeOptions: z
    .object({
      NoCopy: z.boolean().nullish(),
      Labels: z.record(z.string(), z.string()).nullish(),
      DriverConfig: z.object({ Name: z.string().nullish() }).nullish(),
    })
    .nullish(),
  TmpfsOptions: z.object({ SizeBytes: z.number().nullish(), Mode: z.number().nullish() }).nullish(),
})
type MountBody = z.output<typeof mountSchema>

const invalid = (reason: string): EngineError => new EngineError('INVALID_MOUNT', reason)
const WINDOWS_DRIVE = /^[a-zA-Z]:[\\/]/
/** Words of a bind's mode that change nothing here. */
const IGNORED = new Set(['z', 'Z', 'rprivate', 'private', 'rshared', 'shared', 'rslave', 'slave'])

/**
 * `/host:/container[:mode]` or `volume:/container[:mode]` of `HostConfig.Binds`.
 *
 * @throws EngineError `INVALID_MOUNT`.
 * @source engine API reference, 14
 */
export function bindOf(text: string): Mount | VolumeMount {
  const drive = WINDOWS_DRIVE.test(text) ? text.slice(0, 2) : ''
  const [source = '', target, mode = '', ...rest] = text.slice(drive.length).split(':')
  // Two pieces: what looks like a drive is the name of a volume.
  if (drive !== '' && target === undefined) checkVolumeName(drive.slice(0, 1))
  if (target === undefined || source === '' || rest.length > 0) {
    throw invalid(`invalid volume specification: '${text}'`)
  }
  const words = mode.split(',').filter((word) => word !== '' && !IGNORED.has(word))
  const unknown = words.find((word) => !['ro', 'rw', 'nocopy'].includes(word))
  if (unknown !== undefined) throw invalid(`invalid mode: ${mode}`)
  const readOnly = words.includes('ro')
  if (drive === '' && !source.startsWith('/')) {
    return { type: 'volume', source, target, readOnly, noCopy: words.includes('nocopy') }
  }
  return { type: 'bind', source: drive + source, target, readOnly }
}

const volumeOf = (
  { Source, VolumeOptions }: MountBody,
  target: string,
  readOnly: boolean,
): VolumeMount => ({
  type: 'volume',
  source: Source || undefined,
  target,
  readOnly,
  driver: VolumeOptions?.DriverConfig?.Name ?? undefined,
  labels: VolumeOptions?.Labels ?? undefined,
  noCopy: VolumeOptions?.NoCopy ?? false,
})

/** @throws EngineError `INVALID_MOUNT`. */
export function mountOf(body: MountBody): Mount | VolumeMount {
  const { Type, Source, Target, ReadOnly, TmpfsOptions } = body
  const wrong = (reason: string): EngineError =>
    invalid(`invalid mount config for type "${Type}": ${reason}`)
  if (!Target) throw wrong('field Target must not be empty')
  const readOnly = ReadOnly ?? false
  if (Type === 'tmpfs') {
    const { SizeBytes: size, Mode: mode } = TmpfsOptions ?? {}
    return { type: 'tmpfs', target: Target, readOnly, ...(size && { size }), ...(mode && { mode }) }
  }
  if (Type === 'volume') return volumeOf(body, Target, readOnly)
  if (Type !== 'bind') throw wrong('mount type unknown')
  if (!Source) throw wrong('field Source must not be empty')
  return { type: 'bind', source: Source, target: Target, readOnly }
}

/** `HostConfig.Tmpfs`: a path and options such as `size=64m,mode=1777`. */
export function tmpfsOf(target: string, options: string): Mount {
  const fields = new Map(
    options.split(',').map((option) => {
      const [key = '', value = ''] = option.split('=')
      return [key, value] as const
    }),
  )
  const size = fields.get('size')
  const mode = fields.get('mode')
  return {
    type: 'tmpfs',
    target,
    readOnly: fields.has('ro'),
    ...(size && { size }),
    ...(mode && { mode: Number.parseInt(mode, 8) }),
  }
}
