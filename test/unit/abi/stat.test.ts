import { expect, it } from 'vitest'
import { NO_STAT, PREVIEW1_FILESTAT } from '../../../src/abi/preview1/stat.ts'

it.each([0, 1, 2 ** 32 - 1, 2 ** 32, 2 ** 40 + 5, Number.MAX_SAFE_INTEGER])(
  'writes %d as 64 bits wherever a file has a whole number',
  (whole) => {
    const out = new DataView(new ArrayBuffer(PREVIEW1_FILESTAT.bytes))
    const stat = { ...NO_STAT, device: whole, inode: whole, links: whole, size: whole }
    PREVIEW1_FILESTAT.write(out, stat, 4)
    const written = [0, 8, 24, 32].map((at) => out.getBigUint64(at, true))
    expect(written).toEqual(Array.from({ length: 4 }, () => BigInt(whole)))
  },
)
