/**
 * A byte generator that always gives the same bytes for one seed (sfc32, 128 bits of state). For
 * reproducible runs and tests only: nothing here is secret.
 *
 * @source PractRand's sfc32 by Chris Doty-Humphrey
 */
export function seededRandom(seed: number): (into: Uint8Array) => void {
  let a = 0x9e37_79b9 | 0
  let b = seed | 0
  let c = Math.trunc(seed / 2 ** 32) | 0
  let counter = 1
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + sum) | 0
    return sum
  }
  for (let round = 0; round < 12; round += 1) next()
  return (into) => {
    for (let at = 0; at < into.length; at += 4) {
      const word = next()
      for (let byte = 0; byte < 4 && at + byte < into.length; byte += 1) {
        into[at + byte] = (word >>> (8 * byte)) & 0xff
      }
    }
  }
}
