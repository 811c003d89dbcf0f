import { once } from 'node:events'
import type { OutputConsumer } from '../contract/cell.ts'

/**
 * Hands guest output to one of our own streams. While that stream is full the guest is held back;
 * when its reader has gone (`| head`) the rest is thrown away and the guest runs on.
 */
export function passTo(stream: NodeJS.WriteStream): OutputConsumer {
  let broken = false
  stream.on('error', () => {
    broken = true
  })
  return async (bytes) => {
    if (broken || stream.write(bytes)) return
    await Promise.race([once(stream, 'drain'), once(stream, 'close')]).catch(() => undefined)
  }
}
