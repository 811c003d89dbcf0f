// A module that V8 compiles again though it has compiled another of the same code: it shares what it made of
// equal bytes, with the flags and the counts of the first.
import { readFileSync } from 'node:fs'

/** A custom section without content, whose name is `apart`. */
const SECTION = Uint8Array.of(0, 6, 5, ...Buffer.from('apart'))

export const moduleApart = (path) =>
  new WebAssembly.Module(Buffer.concat([readFileSync(path), SECTION]))
