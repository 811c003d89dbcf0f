import { EngineError } from '../../contract/errors.ts'
import { bytesBelow } from './volume-files.ts'
import type { VolumeRecord } from './volume-record.ts'
import { announceVolume, usersOf, type VolumeParts } from './volumes.ts'

/** Removes a volume that nobody uses, in a turn that the caller holds. */
export async function removeVolumeInTurn(parts: VolumeParts, name: string): Promise<void> {
  parts.all.resolve(name)
  const users = usersOf(parts, name)
  if (users.length > 0 || parts.all.isClaimed(name)) {
    throw new EngineError(
      'VOLUME_IN_USE',
      `remove ${name}: volume is in use - [${users.join(', ')}]`,
    )
  }
  await parts.directory.delete(name)
  parts.all.delete(name)
  announceVolume(parts, name, 'destroy')
}

/**
 * Removes a volume and what is in it.
 *
 * @param options.force - one that is not there is as good as removed.
 * @throws EngineError `NO_SUCH_VOLUME` | `VOLUME_IN_USE`: also by a container that rests.
 * @source docker-volume-rm(1); engine API reference, 14
 */
export const removeVolume =
  (parts: VolumeParts) =>
  (name: string, { force }: { readonly force: boolean }): Promise<void> =>
    parts.turn.run(async () => {
      if (force && parts.all.find(name) === undefined) return
      await removeVolumeInTurn(parts, name)
    })

/**
 * Removes every volume that fits and that no container has.
 *
 * @returns the names of those removed, and the bytes that were in them.
 */
export const pruneVolumes =
  (parts: VolumeParts) =>
  (fits: (record: VolumeRecord) => boolean): Promise<{ names: readonly string[]; bytes: number }> =>
    parts.turn.run(async () => {
      const names: string[] = []
      let bytes = 0
      for (const { name } of parts.all.list().filter(fits)) {
        if (usersOf(parts, name).length > 0 || parts.all.isClaimed(name)) continue
        const size = await bytesBelow(parts.directory.mountpoint(name))
        await removeVolumeInTurn(parts, name)
        names.push(name)
        bytes += size
      }
      const actor = { id: '', attributes: { reclaimed: String(bytes) } }
      parts.events.publish({ type: 'volume', action: 'prune', actor })
      return { names, bytes }
    })
