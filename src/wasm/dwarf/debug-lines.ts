import { type DecodedModule, SECTION } from '../decode/module.ts'
import { Reader } from '../decode/reader.ts'
import { Writer } from '../meter/writer.ts'

const PROGRAMS = '.debug_line'
const TEXTS = '.debug_line_str'
/**
 * Bytes of both together; from a module with more, no lines are kept. All of it is read once when its
 * guest traps: 8 MiB take about 0.1 s.
 */
const MOST_BYTES = 8 * 2 ** 20

const NOTHING = new Uint8Array()

/** The first custom section of this name, without its name. */
function customSection({ bytes, sections }: DecodedModule, wanted: string): Uint8Array {
  for (const { id, from, to } of sections) {
    if (id !== SECTION.custom) continue
    const reader = new Reader(bytes, from, to)
    if (reader.name() === wanted) return bytes.subarray(reader.at, to)
  }
  return NOTHING
}

/**
 * What a module says about its source lines, packed: nothing of it is looked at before a trap.
 *
 * @returns for `findLine`; empty where there is nothing, or too much.
 */
export function debugLines(module: DecodedModule): Uint8Array {
  const programs = customSection(module, PROGRAMS)
  const texts = customSection(module, TEXTS)
  if (programs.length === 0 || programs.length + texts.length > MOST_BYTES) return NOTHING
  return new Writer(programs.length + texts.length + 8)
    .u32(programs.length)
    .all(programs)
    .all(texts)
    .view()
}
