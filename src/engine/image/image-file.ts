/** Seconds since 1970, as archives have them. */
type Seconds = number

/** Absent: root. */
interface Owner {
  readonly uid?: number
  readonly gid?: number
}

/** One place in an image's tree; bytes are a blob. */
export type ImageFile = Owner & FileOfImage
type FileOfImage =
  | {
      readonly type: 'regular'
      readonly path: string
      readonly mode: number
      readonly modified: Seconds
      /** sha256 of the bytes, hex. */
      readonly digest: string
      readonly size: number
    }
  | {
      readonly type: 'directory'
      readonly path: string
      readonly mode: number
      readonly modified: Seconds
    }
  | {
      readonly type: 'symlink'
      readonly path: string
      readonly modified: Seconds
      readonly target: string
    }

/** The blobs an image needs. */
export const digestsOf = (files: readonly ImageFile[]): readonly string[] =>
  files.flatMap((file) => (file.type === 'regular' ? [file.digest] : []))
