import { parentPort, workerData } from 'node:worker_threads'
import { RingReader, RingWriter } from '../../../src/thread/byte-ring.ts'
import { type Bell, type DelayPoint, park } from '../../../src/thread/doorbell.ts'
import { HostBlock } from '../../../src/thread/host-block.ts'
import { delays, RING, type RingMutant, type Whereabouts } from './delays.ts'
import { MESSAGE, Sequence } from './sequence.ts'

/** What a thread of the stress test is told. */
export interface Part {
  readonly role: 'producer' | 'consumer'
  readonly seed: number
  /** Longest delay, in atomic loads. */
  readonly delay: number
  readonly mutant: RingMutant
  readonly messages: number
  /** One for each producer; a producer gets its own alone. */
  readonly rings: readonly SharedArrayBuffer[]
  /** Bells of the producers, then the consumer's: two words each. */
  readonly bells: readonly SharedArrayBuffer[]
  /** Messages the consumer has taken. */
  readonly progress: SharedArrayBuffer
  readonly whereabouts: Whereabouts
  /** A producer for the main thread: the cell's block and this producer's bit in it. */
  readonly host?: { readonly memory: SharedArrayBuffer; readonly slot: number }
}

const bellOf = (memory: SharedArrayBuffer): Bell => ({
  words: new Int32Array(memory),
  doorbell: 0,
  sleeping: 1,
})

/** How a producer calls its consumer. */
function caller(part: Part, consumer: Bell, delay: DelayPoint): () => void {
  const { host, mutant } = part
  if (host === undefined) {
    return () => RING[mutant](consumer, delay)
  }
  const block = new HostBlock(host.memory)
  if (mutant === 'none') return () => block.mark(host.slot, delay)
  const words = new Int32Array(host.memory)
  const setBit = (): void => {
    Atomics.or(words, 16 + (host.slot >>> 5), 1 << (host.slot & 31))
  }
  return () => {
    setBit()
    RING[mutant](block.bell, delay)
  }
}

function produce(part: Part, delay: DelayPoint): void {
  const [own, consumer] = part.bells.map(bellOf)
  const [memory] = part.rings
  if (own === undefined || consumer === undefined || memory === undefined) return
  const writer = new RingWriter(memory, caller(part, consumer, delay))
  const message = new Uint8Array(MESSAGE)
  for (let number = 0; number < part.messages; number += 1) {
    new DataView(message.buffer).setUint32(0, number)
    for (let at = 0; at < MESSAGE; ) {
      const count = writer.write(message.subarray(at)) ?? 0
      at += count
      if (count === 0) park(own, () => writer.room() > 0, Number.POSITIVE_INFINITY, delay)
    }
  }
  writer.close()
}

function consume(part: Part, delay: DelayPoint): void {
  const bells = part.bells.map(bellOf)
  const own = bells.at(-1)
  if (own === undefined) return
  const progress = new Int32Array(part.progress)
  const sequences = part.rings.map((memory, index) => {
    const producer = bells[index]
    return new Sequence(
      new RingReader(memory, () => producer && RING[part.mutant](producer, delay)),
    )
  })
  while (sequences.some(({ ended }) => !ended)) {
    park(own, () => sequences.some(({ ready }) => ready), Number.POSITIVE_INFINITY, delay)
    for (const sequence of sequences) Atomics.add(progress, 0, sequence.take())
  }
}

const part = workerData as Part // what the test hands over
const delay = delays(part.seed, part.delay, part.whereabouts)
if (part.role === 'producer') produce(part, delay)
else consume(part, delay)
delay('sleeping')
parentPort?.postMessage('done')
