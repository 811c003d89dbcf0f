import type { ByteSink, ByteSource } from '../../contract/streams.ts'

/** The bytes between the ends of a pipe. Reading and writing never wait, as for all streams. */
export interface PipeBuffer extends ByteSource, ByteSink {
  /** Nobody reads any more. */
  closeReader(): void
  /** Nobody writes any more: what is there can still be read. */
  closeWriter(): void
}

/** Where the bytes of pipes lie. */
export interface PipeBuffers {
  /** An empty one. Undefined: there is no place. */
  take(): PipeBuffer | undefined
}

/** One of the two ends of a pipe. */
export type PipeEnd = 'read' | 'write'
