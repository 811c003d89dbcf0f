import { join } from 'node:path'
import { AllNetworks } from '../engine/network/all-networks.ts'
import type { NetworkParts } from '../engine/network/networks.ts'
import { predefinedNetworks } from '../engine/network/predefined.ts'
import { VolumeDirectory } from '../engine/volume/volume-directory.ts'
import { AllVolumes, type VolumeParts } from '../engine/volume/volumes.ts'
import { Mutex } from '../std/mutex.ts'

type Shared = Pick<NetworkParts, 'events' | 'containers' | 'now' | 'newId'>

/** The networks of an engine: those that are kept, after those that every daemon has. */
export async function composeNetworks(
  shared: Shared & Pick<NetworkParts, 'containerStore' | 'store'>,
): Promise<NetworkParts> {
  const parts = { ...shared, all: new AllNetworks() }
  const kept = await parts.store.all()
  for (const record of [...predefinedNetworks(shared.now()), ...kept]) parts.all.add(record)
  return parts
}

/** The volumes of a data directory, found again by their records. */
export async function composeVolumes(
  { newId, ...shared }: Shared,
  dataDirectory: string,
): Promise<VolumeParts> {
  const directory = new VolumeDirectory(join(dataDirectory, 'volumes'))
  const all = new AllVolumes()
  for (const record of await directory.all()) all.add(record)
  return { ...shared, directory, all, turn: new Mutex(), newName: newId }
}
