import type { OutputConsumer } from '../../contract/cell.ts'
import { printable } from '../../std/printable.ts'
import type { OuterStreams } from '../seated-process.ts'
import type { Call } from './connection.ts'
import { Feed } from './feed.ts'
import type { Inlet } from './stream.ts'
import { type Answer, MAX_MESSAGE, STDERR, STDIN, STDOUT } from './verbs.ts'

/** The streams of a call that starts a process. */
export const streamsOf = ({ stdin }: OuterStreams) => ({
  from: [STDOUT, STDERR],
  to: stdin === undefined ? [] : [STDIN],
})

/** Carries a process's standard streams until its call is answered, and all of them to their end. */
export async function carry<V extends 'start' | 'exec'>(
  call: Call<V>,
  { stdin, stdout, stderr }: OuterStreams,
): Promise<Answer<V>> {
  const drained = [drain(call.from(STDOUT), stdout), drain(call.from(STDERR), stderr)]
  const feed = stdin === undefined ? undefined : new Feed(call.to(STDIN), stdin)
  try {
    return await call.answer
  } finally {
    feed?.stop()
    await Promise.all(drained)
  }
}

/** What a cell says of an end, for the operator. */
export const textOf = (message: string | null): string | undefined =>
  message === null ? undefined : printable(message, MAX_MESSAGE)

/** Hands over what comes, one piece at a time, until the stream is over. */
async function drain(stream: Inlet, consume: OutputConsumer): Promise<void> {
  for await (const bytes of stream) {
    try {
      await consume(bytes)
    } catch {
      // A consumer that fails loses its bytes; the guest runs on.
    }
  }
}
