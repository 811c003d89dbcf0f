// Modules of files. V8 shares what it made of equal bytes, with the flags and the counts of the first: one
// that it shall compile again is set apart.
import { readFileSync } from 'node:fs'

/** A custom section without content, whose name is `apart`. */
const SECTION = Uint8Array.of(0, 6, 5, ...Buffer.from('apart'))

export const moduleOf = (path) => new WebAssembly.Module(readFileSync(path))

/** The same code, compiled once more. */
export const moduleApart = (path) =>
  new WebAssembly.Module(Buffer.concat([readFileSync(path), SECTION]))
