/** Everything that is kept of a volume. It never changes. */
export interface VolumeRecord {
  readonly name: string
  readonly created: Date
  readonly labels: Readonly<Record<string, string>>
}

/** The label of a volume that nobody named. @source moby, volume/service */
export const ANONYMOUS = 'com.docker.volume.anonymous'

export const isAnonymous = ({ labels }: VolumeRecord): boolean => Object.hasOwn(labels, ANONYMOUS)
