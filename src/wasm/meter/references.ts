import { type DecodedModule, SECTION, type Section } from '../decode/module.ts'
import { Reader } from '../decode/reader.ts'
import { constantInstruction, globalType } from '../decode/sections.ts'
import { OP } from './op.ts'
import { Writer } from './writer.ts'

/** What stands for a function, by its index. */
type Replace = (index: number) => number

/**
 * Segments and globals whose functions are replaced by what the form puts in their place. They were read
 * once when the module was decoded; it need not be valid.
 */
class ReferenceCopier {
  readonly #reader: Reader
  readonly #out: Writer
  readonly #replace: Replace

  constructor(module: DecodedModule, section: Section, replace: Replace, out: Writer) {
    this.#reader = new Reader(module.bytes, section.from, section.to)
    this.#replace = replace
    this.#out = out
  }

  /** Copies what `read` passes over. */
  copy(read: (reader: Reader) => unknown): void {
    const from = this.#reader.at
    read(this.#reader)
    this.#out.range(this.#reader.bytes, from, this.#reader.at)
  }

  count(added: number): number {
    const count = this.#reader.u32()
    this.#out.u32(count + added)
    return count
  }

  /** A constant expression, its `end` included. */
  expression(): void {
    const { bytes } = this.#reader
    for (;;) {
      if (bytes[this.#reader.at] === OP.refFunc) {
        this.#reader.byte()
        this.#out.byte(OP.refFunc)
        this.function()
        continue
      }
      const last = bytes[this.#reader.at] === OP.end
      this.copy(constantInstruction)
      if (last) return
    }
  }

  function(): void {
    this.#out.u32(this.#replace(this.#reader.u32()))
  }

  /** @source WebAssembly core specification, binary format, "Element Section": bits of the flags */
  segment(): void {
    const flags = this.#reader.bytes[this.#reader.at] ?? 0
    this.copy((reader) => reader.u32())
    const active = (flags & 1) === 0
    const explicit = (flags & 2) !== 0
    if (active && explicit) this.copy((reader) => reader.u32())
    if (active) this.expression()
    // Kind of element or type of reference; active ones of table 0 do without.
    if (!active || explicit) this.copy((reader) => reader.byte())
    const items = this.count(0)
    const expressions = (flags & 4) !== 0
    for (let item = 0; item < items; item += 1) {
      if (expressions) this.expression()
      else this.function()
    }
  }
}

const sectionOf = (module: DecodedModule, id: number): Section | undefined =>
  module.sections.find((one) => one.id === id)

/** The element section; with one more segment that declares what ref.func in code names. */
export function elementSection(
  module: DecodedModule,
  replace: Replace,
  declared: readonly number[],
): Writer | undefined {
  const section = sectionOf(module, SECTION.element)
  const added = declared.length === 0 ? 0 : 1
  if (section === undefined && added === 0) return undefined
  const out = new Writer(section === undefined ? 64 : section.to - section.from + 64)
  if (section === undefined) out.u32(added)
  else {
    const copier = new ReferenceCopier(module, section, replace, out)
    const count = copier.count(added)
    for (let index = 0; index < count; index += 1) copier.segment()
  }
  // Kind 3: declarative, of functions.
  if (added > 0) out.u32(3).byte(0).u32(declared.length)
  for (const index of declared) out.u32(index)
  return out
}

/** The global section; ours is added behind by the caller. */
export function globalSection(module: DecodedModule, replace: Replace, added: number): Writer {
  const section = sectionOf(module, SECTION.global)
  const out = new Writer(1024)
  if (section === undefined) return out.u32(added)
  const copier = new ReferenceCopier(module, section, replace, out)
  const count = copier.count(added)
  for (let index = 0; index < count; index += 1) {
    copier.copy(globalType)
    copier.expression()
  }
  return out
}

/**
 * The functions that something besides a direct call may call: those that are exported, the start, and
 * all that stand in a segment or a global, as those do that ref.func names in code.
 */
export function referencedFunctions(module: DecodedModule): ReadonlySet<number> {
  const { exports, start } = module
  const found = new Set(exports.flatMap(({ kind, index }) => (kind === 'function' ? [index] : [])))
  if (start !== undefined) found.add(start)
  const note = (index: number): number => {
    found.add(index)
    return index
  }
  elementSection(module, note, [])
  globalSection(module, note, 0)
  return found
}
