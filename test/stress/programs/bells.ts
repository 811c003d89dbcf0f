import { parentPort, workerData } from 'node:worker_threads'
import { RingReader, RingWriter } from '../../../src/thread/byte-ring.ts'
import { type Bell, type DelayPoint, park, ring } from '../../../src/thread/doorbell.ts'

/** What a thread of the stress test is told. */
export interface Part {
  readonly role: 'producer' | 'consumer'
  readonly seed: number
  /** Longest delay, in atomic loads. */
  readonly delay: number
  readonly mutant: 'none' | 'ring-if-sleeping' | 'take-sleeping'
  readonly messages: number
  /** One for each producer; a producer gets its own alone. */
  readonly rings: readonly SharedArrayBuffer[]
  /** Bells of the producers, then the consumer's: two words each. */
  readonly bells: readonly SharedArrayBuffer[]
  /** Messages the consumer has taken. */
  readonly progress: SharedArrayBuffer
}

const bellOf = (memory: SharedArrayBuffer): Bell => ({
  words: new Int32Array(memory),
  doorbell: 0,
  sleeping: 1,
})

/** Waits a random while at every point where another thread may come in between. */
function delays(seed: number, longest: number): DelayPoint {
  const words = new Int32Array(new SharedArrayBuffer(4))
  let state = seed | 1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    if ((state & 3) !== 0) return
    const loads = (state >>> 3) % longest
    for (let load = 0; load < loads; load += 1) Atomics.load(words, 0)
  }
}

/** The shortcuts that lose wakes: each looks right. */
const RING: Readonly<Record<Part['mutant'], (bell: Bell, delay: DelayPoint) => void>> = {
  none: ring,
  'ring-if-sleeping': ({ words }, delay) => {
    delay('published')
    if (Atomics.load(words, 1) === 0) return
    Atomics.add(words, 0, 1)
    Atomics.notify(words, 0, 1)
  },
  'take-sleeping': ({ words }, delay) => {
    delay('published')
    Atomics.add(words, 0, 1)
    delay('added')
    if (Atomics.exchange(words, 1, 0) !== 0) Atomics.notify(words, 0, 1)
  },
}

const MESSAGE = 4

function produce(part: Part, delay: DelayPoint): void {
  const [own, consumer] = part.bells.map(bellOf)
  const [memory] = part.rings
  if (own === undefined || consumer === undefined || memory === undefined) return
  const writer = new RingWriter(memory, () => RING[part.mutant](consumer, delay))
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

/** One ring's bytes, put together to numbers that must count up by one. */
class Sequence {
  readonly #reader: RingReader
  readonly #message = new Uint8Array(MESSAGE)
  #filled = 0
  #next = 0
  ended = false

  constructor(reader: RingReader) {
    this.#reader = reader
  }

  get ready(): boolean {
    return !this.ended && this.#reader.available() !== 0
  }

  /** Whole messages taken now. */
  take(): number {
    let taken = 0
    for (;;) {
      const count = this.#reader.read(this.#message.subarray(this.#filled))
      if (count === undefined) return taken
      if (count === 0) {
        this.ended = true
        return taken
      }
      this.#filled += count
      if (this.#filled < MESSAGE) continue
      const number = new DataView(this.#message.buffer).getUint32(0)
      if (number !== this.#next) throw new Error(`${number} came instead of ${this.#next}`)
      this.#next += 1
      this.#filled = 0
      taken += 1
    }
  }
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
const delay = delays(part.seed, part.delay)
if (part.role === 'producer') produce(part, delay)
else consume(part, delay)
parentPort?.postMessage('done')
