import { text, u32 } from './encoding.ts'

export interface FunctionParts {
  readonly type: number
  /** Types of the locals behind the parameters, one each. */
  readonly locals: readonly number[]
  /** Without the last `end`. */
  readonly code: readonly number[]
}

const KIND = { function: 0, table: 1, memory: 2, global: 3, tag: 4 } as const
const FUNCTION_FORM = 0x60
const END = 0x0b

function append(into: number[], bytes: ArrayLike<number>): void {
  for (let index = 0; index < bytes.length; index += 1) into.push(bytes[index] ?? 0)
}

/** Puts a module together. Every list but the functions' holds entries as the format writes them. */
export class ModuleBuilder {
  readonly #types: string[] = []
  #importedFunctions = 0
  readonly imports: number[][] = []
  readonly functions: FunctionParts[] = []
  readonly tables: number[][] = []
  readonly memories: number[][] = []
  readonly tags: number[][] = []
  readonly globals: number[][] = []
  readonly exports: number[][] = []
  readonly elements: number[][] = []
  readonly data: number[][] = []
  start: number | undefined

  /** Index of this function type; the same for the same type. */
  type(params: readonly number[], results: readonly number[]): number {
    const key = JSON.stringify([params, results])
    const known = this.#types.indexOf(key)
    return known === -1 ? this.#types.push(key) - 1 : known
  }

  /** @param rest - behind module, name and kind: a type. */
  import(module: string, name: string, kind: keyof typeof KIND, rest: readonly number[]): void {
    this.imports.push([...text(module), ...text(name), KIND[kind], ...rest])
    if (kind === 'function') this.#importedFunctions += 1
  }

  export(name: string, kind: keyof typeof KIND, index: number): void {
    this.exports.push([...text(name), KIND[kind], ...u32(index)])
  }

  /** Adds a function and answers its index. */
  function(parts: FunctionParts): number {
    return this.#importedFunctions + this.functions.push(parts) - 1
  }

  #typeEntries(): number[][] {
    return this.#types.map((key) => {
      const [params = [], results = []] = JSON.parse(key) as number[][] // written by `type`
      return [FUNCTION_FORM, ...u32(params.length), ...params, ...u32(results.length), ...results]
    })
  }

  #bodies(): number[][] {
    return this.functions.map(({ locals, code }) => {
      const body = [...u32(locals.length)]
      for (const type of locals) body.push(1, type)
      append(body, code)
      body.push(END)
      return [...u32(body.length), ...body]
    })
  }

  build(): Uint8Array {
    const out: number[] = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0]
    const section = (id: number, entries: readonly (readonly number[])[]): void => {
      if (entries.length === 0) return
      const payload = u32(entries.length)
      for (const entry of entries) append(payload, entry)
      out.push(id, ...u32(payload.length))
      append(out, payload)
    }
    section(1, this.#typeEntries())
    section(2, this.imports)
    section(
      3,
      this.functions.map(({ type }) => u32(type)),
    )
    section(4, this.tables)
    section(5, this.memories)
    section(13, this.tags)
    section(6, this.globals)
    section(7, this.exports)
    if (this.start !== undefined) {
      const index = u32(this.start)
      out.push(8, index.length, ...index)
    }
    section(9, this.elements)
    if (this.data.length > 0) out.push(12, u32(this.data.length).length, ...u32(this.data.length))
    section(10, this.#bodies())
    section(11, this.data)
    return Uint8Array.from(out)
  }
}
