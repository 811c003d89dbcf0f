/**
 * The parts of the WebAssembly JavaScript interface that bulkhead uses. Neither ES2023 nor Node's
 * types declare it, and the browser's library would bring the whole DOM along.
 *
 * @source WebAssembly JavaScript Interface, W3C
 */
declare namespace WebAssembly {
  type ImportValue = ((...args: never[]) => unknown) | Global | Memory | Table
  type Imports = Record<string, Record<string, ImportValue>>
  interface ImportDescriptor {
    readonly module: string
    readonly name: string
    readonly kind: string
  }
  interface ExportDescriptor {
    readonly name: string
    readonly kind: string
  }
  class Module {
    constructor(bytes: Uint8Array)
    static imports(module: Module): ImportDescriptor[]
    static exports(module: Module): ExportDescriptor[]
    static customSections(module: Module, name: string): ArrayBuffer[]
  }
  class Instance {
    constructor(module: Module, imports?: Imports)
    readonly exports: Readonly<Record<string, unknown>>
  }
  class Memory {
    constructor(descriptor: { initial: number; maximum?: number })
    readonly buffer: ArrayBuffer
    grow(pages: number): number
  }
  class Table {
    constructor(descriptor: { element: 'anyfunc' | 'externref'; initial: number; maximum?: number })
    readonly length: number
    get(index: number): unknown
    set(index: number, value: unknown): void
  }
  class Global {
    constructor(descriptor: { value: string; mutable?: boolean }, value?: unknown)
    value: bigint | number
  }
  class RuntimeError extends Error {}
  class CompileError extends Error {}
  class LinkError extends Error {}
  function validate(bytes: Uint8Array): boolean
  function compile(bytes: Uint8Array): Promise<Module>
}
