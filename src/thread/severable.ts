import type { ByteSink, ByteSource, StandardStreams } from '../contract/streams.ts'

/**
 * The streams of a process that others may have inherited. Once its seat is another's nobody may reach
 * them any more: reads find the end, writes that nobody reads.
 */
export interface Severable extends StandardStreams {
  sever(): void
}

export function severable({ stdin, stdout, stderr }: StandardStreams): Severable {
  let severed = false
  const source = (inner: ByteSource): ByteSource => ({
    read: (into) => (severed ? 0 : inner.read(into)),
    available: () => (severed ? -1 : inner.available()),
  })
  const sink = (inner: ByteSink): ByteSink => ({
    write: (from) => (severed ? undefined : inner.write(from)),
    room: () => (severed ? -1 : inner.room()),
  })
  return {
    stdin: source(stdin),
    stdout: sink(stdout),
    stderr: sink(stderr),
    sever: () => {
      severed = true
    },
  }
}
