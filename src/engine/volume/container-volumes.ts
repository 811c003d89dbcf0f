import type { MountSpec } from '../../contract/guest-spec.ts'
import type { LayerFile } from '../../contract/layer.ts'
import type { ContainerRecord } from '../container/container-record.ts'
import type { ContainerVolumes, ProvidedVolumes, Surroundings } from '../container/surroundings.ts'
import type { VolumeMount } from '../container/volume-mount.ts'
import { createVolumeInTurn } from './create.ts'
import { fillEmpty } from './fill.ts'
import { removeVolumeInTurn } from './remove.ts'
import { isAnonymous } from './volume-record.ts'
import { announceVolume, usersOf, type VolumeParts } from './volumes.ts'

/** The volumes among a container's mounts. */
const volumesOf = ({ spec }: ContainerRecord) =>
  spec.guest.mounts.flatMap((mount) =>
    mount.type === 'bind' && mount.volume !== undefined ? [{ name: mount.volume, mount }] : [],
  )

const mountAttributes = (container: string, { target, readOnly }: MountSpec) => ({
  container,
  destination: target,
  'read/write': String(!readOnly),
  propagation: '',
})

/** Volumes are in use for as long as a container runs. */
export const volumeSurroundings = (parts: VolumeParts): Surroundings => ({
  take: (record) => {
    const volumes = volumesOf(record)
    for (const { name } of volumes) parts.all.resolve(name)
    for (const { name, mount } of volumes) {
      announceVolume(parts, name, 'mount', mountAttributes(record.id, mount))
    }
  },
  give: (record) => {
    for (const { name } of volumesOf(record)) {
      announceVolume(parts, name, 'unmount', { container: record.id })
    }
  },
})

/** Removes what nobody named and nobody else has. */
async function dropUnused(parts: VolumeParts, names: readonly string[]): Promise<void> {
  for (const name of names) {
    const record = parts.all.find(name)
    if (record === undefined || !isAnonymous(record)) continue
    if (usersOf(parts, name).length > 0 || parts.all.isClaimed(name)) continue
    await removeVolumeInTurn(parts, name)
  }
}

async function provideOne(
  parts: VolumeParts,
  wanted: VolumeMount,
  content: () => Promise<readonly LayerFile[]>,
) {
  const { name } = await createVolumeInTurn(parts, {
    name: wanted.source,
    driver: wanted.driver,
    labels: wanted.labels,
  })
  const source = parts.directory.mountpoint(name)
  const { target, readOnly = false } = wanted
  const path = target.replace(/\/+$/, '')
  if (wanted.noCopy !== true) await fillEmpty(source, path, content)
  // Nothing that can fail comes after it.
  parts.all.claim(name)
  return { type: 'bind', source, target, readOnly, volume: name } as const
}

/** All of them, in a turn that the caller holds. */
async function provideAll(
  parts: VolumeParts,
  wanted: readonly VolumeMount[],
  content: () => Promise<readonly LayerFile[]>,
): Promise<ProvidedVolumes> {
  const mounts: Awaited<ReturnType<typeof provideOne>>[] = []
  const settle = async (kept: boolean): Promise<void> => {
    const names = mounts.map(({ volume }) => volume)
    for (const name of names) parts.all.unclaim(name)
    if (!kept) await parts.turn.run(() => dropUnused(parts, names))
  }
  try {
    for (const one of wanted) mounts.push(await provideOne(parts, one, content))
  } catch (error) {
    // Its turn comes after this one. What cannot be dropped is there for a prune.
    void settle(false).catch(() => undefined)
    throw error
  }
  return { mounts, settle }
}

/** Of a container without volumes, which waits for nobody. */
const NONE: ProvidedVolumes = { mounts: [], settle: async () => {} }

/** What the verbs for containers need of volumes. */
export const containerVolumes = (parts: VolumeParts): ContainerVolumes => ({
  provide: async (wanted, content) =>
    wanted.length === 0 ? NONE : await parts.turn.run(() => provideAll(parts, wanted, content)),
  dropAnonymous: async (record) => {
    const names = volumesOf(record).map(({ name }) => name)
    if (names.length > 0) await parts.turn.run(() => dropUnused(parts, names))
  },
})
