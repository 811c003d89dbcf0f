/** Where the bytes of a regular file come from. */
export type FileSource =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  /** A file on the host: a blob, or a file of a directory used as root. */
  | {
      readonly kind: 'host-file'
      readonly path: string
      /** sha256 of the bytes, hex, where it is known. */
      readonly digest?: string
    }

/** One entry of an image layer, before its bytes are read. Paths are absolute in the container. */
export interface LayerFile {
  readonly path: string
  readonly type: 'regular' | 'directory' | 'symlink'
  readonly mode: number
  readonly uid: number
  readonly gid: number
  /** Nanoseconds since 1970. */
  readonly modified: bigint
  /** Bytes; 0 for what is not a regular file. */
  readonly size: number
  readonly source?: FileSource
  readonly linkTarget?: string
}
