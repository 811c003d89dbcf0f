// One end of what ring.mjs measures: workerData is `writer` or `reader`, each message is one job.
import { parentPort, workerData } from 'node:worker_threads'
import { RingReader, RingWriter } from '../dist/thread/byte-ring.js'
import { park, ring } from '../dist/thread/doorbell.js'
import { threadCpuMs } from './thread-clock.mjs'

/** Words of the bells: one cache line for each side. */
const BELLS = { writer: { doorbell: 0, sleeping: 1 }, reader: { doorbell: 32, sleeping: 33 } }

/** Both sides have come: the clocks start. */
function meet(start) {
  Atomics.add(start, 0, 1)
  Atomics.notify(start, 0)
  for (;;) {
    const here = Atomics.load(start, 0)
    if (here === 2) return
    Atomics.wait(start, 0, here)
  }
}

function write({ ring: memory, bells, piece, bytes }) {
  const words = new Int32Array(bells)
  const [mine, other] = [BELLS.writer, BELLS.reader].map((bell) => ({ words, ...bell }))
  const end = new RingWriter(memory, () => ring(other))
  const from = new Uint8Array(piece).fill(7)
  for (let left = bytes; left > 0; ) {
    const part = left < piece ? from.subarray(0, left) : from
    for (let at = 0; at < part.length; ) {
      const done = end.write(at === 0 ? part : part.subarray(at))
      if (done === 0) park(mine, () => end.room() > 0, Number.POSITIVE_INFINITY)
      at += done
    }
    left -= part.length
  }
  end.close()
  return bytes
}

function read({ ring: memory, bells, piece }) {
  const words = new Int32Array(bells)
  const [mine, other] = [BELLS.reader, BELLS.writer].map((bell) => ({ words, ...bell }))
  const end = new RingReader(memory, () => ring(other))
  const into = new Uint8Array(piece)
  let bytes = 0
  for (;;) {
    const done = end.read(into)
    if (done === 0) return bytes
    if (done === undefined) park(mine, () => end.available() !== 0, Number.POSITIVE_INFINITY)
    else bytes += done
  }
}

function send({ port, piece, bytes }) {
  for (let left = bytes; left > 0; left -= piece) {
    const buffer = new ArrayBuffer(piece)
    new Uint8Array(buffer).fill(7)
    port.postMessage(buffer, [buffer])
  }
  return bytes
}

const receive = ({ port, bytes }) =>
  new Promise((resolve) => {
    let got = 0
    port.on('message', (buffer) => {
      got += buffer.byteLength
      if (got >= bytes) {
        port.close()
        resolve(got)
      }
    })
  })

const WORK = {
  writer: (job) => (job.ring === undefined ? send(job) : write(job)),
  reader: (job) => (job.ring === undefined ? receive(job) : read(job)),
}

parentPort.on('message', async (job) => {
  const now = () => performance.timeOrigin + performance.now()
  meet(job.start)
  const [began, cpu] = [now(), threadCpuMs()]
  const bytes = await WORK[workerData](job)
  parentPort.postMessage({ bytes, began, end: now(), cpu: threadCpuMs() - cpu })
})
