/**
 * What the pure core (contract, std, wasm, kernel, abi) may take from its JavaScript engine beyond
 * ES2023. Only `tsconfig.core.json` includes this file: elsewhere it would replace Node's types.
 */
declare class TextEncoder {
  encode(text?: string): Uint8Array<ArrayBuffer>
  encodeInto(text: string, into: Uint8Array): { read: number; written: number }
}
declare class TextDecoder {
  constructor(label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean })
  decode(bytes?: ArrayBufferView | ArrayBuffer): string
}
