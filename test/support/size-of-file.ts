import fc from 'fast-check'

const PAGE = 65_536
/** Where a file in memory begins a new piece: its first extent, twice that, and its pages. */
const EDGES = [0, 64, 128, PAGE, PAGE + 64, 2 * PAGE, 2 * PAGE + 64]

/** A size of a file, or a place in one: small, or a few bytes from such an edge. */
export const sizeOfFile: fc.Arbitrary<number> = fc.oneof(
  fc.nat({ max: 200 }),
  fc
    .tuple(fc.constantFrom(...EDGES), fc.integer({ min: -3, max: 3 }))
    .map(([edge, off]) => Math.max(0, edge + off)),
)
