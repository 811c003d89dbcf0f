import { HOOK } from './meter/support.ts'
import type { MeterManifest } from './meter.ts'

/** What the host does when a metered guest asks. */
export interface Hooks {
  /** The fuel global is below zero: grant more by writing it, or leave by a trap. */
  refill(): void
  /** Pages there are, and pages more; false denies them. */
  grow(pages: number, more: number): boolean
  /** Entries there are, and entries more; false denies them. */
  tableGrow(entries: number, more: number): boolean
}

/**
 * (import "h" "0" (func)) (import "h" "1" (func (param i32 i32) (result i32))) and "2" like "1";
 * exports the three under the same names, so that they are wasm functions of the right types.
 */
const TRAMPOLINE = Uint8Array.of(
  ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
  ...[1, 10, 2, 0x60, 0, 0, 0x60, 2, 0x7f, 0x7f, 1, 0x7f],
  ...[2, 19, 3, 1, 0x68, 1, 0x30, 0, 0, 1, 0x68, 1, 0x31, 0, 1, 1, 0x68, 1, 0x32, 0, 1],
  ...[7, 13, 3, 1, 0x30, 0, 0, 1, 0x31, 0, 1, 1, 0x32, 0, 2],
)

let compiled: WebAssembly.Module | undefined

/** The hooks as wasm functions, for the tables of any number of instances. */
export type HookFunctions = Readonly<Record<string, unknown>>

export function hookFunctions(hooks: Hooks): HookFunctions {
  compiled ??= new WebAssembly.Module(TRAMPOLINE)
  return new WebAssembly.Instance(compiled, {
    h: {
      [HOOK.refill]: () => hooks.refill(),
      [HOOK.grow]: (pages: number, more: number) => Number(hooks.grow(pages >>> 0, more >>> 0)),
      [HOOK.tableGrow]: (entries: number, more: number) =>
        Number(hooks.tableGrow(entries >>> 0, more >>> 0)),
    },
  }).exports
}

/** Puts the host's hooks into the table of a metered instance. */
export function placeHooks(
  instance: WebAssembly.Instance,
  manifest: MeterManifest,
  functions: HookFunctions,
): void {
  const table = instance.exports[manifest.hooks]
  if (!(table instanceof WebAssembly.Table)) throw new TypeError('the module has no hook table')
  for (const place of Object.values(HOOK)) table.set(place, functions[place])
}

/** Hooks of one instance's own. */
export const installHooks = (
  instance: WebAssembly.Instance,
  manifest: MeterManifest,
  hooks: Hooks,
): void => placeHooks(instance, manifest, hookFunctions(hooks))
