/** A volume that a container is to have mounted. */
export interface VolumeMount {
  readonly type: 'volume'
  /** Its name; undefined: one is made that nobody named. */
  readonly source: string | undefined
  readonly target: string
  readonly readOnly?: boolean
  readonly driver?: string | undefined
  /** Of a volume that is made. */
  readonly labels?: Readonly<Record<string, string>> | undefined
  /** An empty volume is not filled with what the image has there. */
  readonly noCopy?: boolean
}
