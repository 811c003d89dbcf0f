import { readFileSync } from 'node:fs'

/** The guest that walks through the calls of preview 1; see guests/preview1/tour. */
export const TOUR = 'guests/build/tour.wasm'
export const SECTIONS = [
  'files',
  'settings',
  'opens',
  'directories',
  'links',
  'renames',
  'numbers',
  'waits',
] as const
export const tourBytes = (): Uint8Array<ArrayBuffer> => new Uint8Array(readFileSync(TOUR))

/** What a tour printed: each step with its errno and what it showed. */
export function stepsOf(text: string): ReadonlyMap<string, string> {
  const lines = text.split('\n').filter((line) => line !== '')
  return new Map(
    lines.map((line) => {
      const [step = '', errno = '', shown = ''] = line.split('\t')
      return [step, shown === '' ? errno : `${errno} ${shown}`] as const
    }),
  )
}

/** Steps on which two tours differ, as `ours | theirs`. */
export function differences(
  ours: ReadonlyMap<string, string>,
  theirs: ReadonlyMap<string, string>,
): Readonly<Record<string, string>> {
  const all = new Set([...ours.keys(), ...theirs.keys()])
  const found = [...all]
    .filter((step) => ours.get(step) !== theirs.get(step))
    .map((step): [string, string] => [step, `${ours.get(step)} | ${theirs.get(step)}`])
  return Object.fromEntries<string>(found)
}

const NEW_NAME = 'wasi_snapshot_preview1'
const OLD_NAME = 'wasi_unstable'
const IMPORTS = 2

function leb(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...leb(value >>> 7)]
}

/** The same module, importing from snapshot 0. Only for calls that both tables have alike. */
export function asSnapshot0(module: Uint8Array): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [module.subarray(0, 8)]
  for (let at = 8; at < module.length; ) {
    const id = module[at] ?? 0
    let size = 0
    let next = at + 1
    for (let shift = 0; ; shift += 7) {
      const byte = module[next++] ?? 0
      size += (byte & 127) * 2 ** shift
      if (byte < 128) break
    }
    const body = Buffer.from(module.subarray(next, next + size))
    const name = (text: string) => Buffer.concat([Buffer.from([text.length]), Buffer.from(text)])
    const renamed = body
      .toString('latin1')
      .replaceAll(name(NEW_NAME).toString('latin1'), name(OLD_NAME).toString('latin1'))
    const own = id === IMPORTS ? Buffer.from(renamed, 'latin1') : body
    parts.push(Uint8Array.from([id, ...leb(own.length)]), own)
    at = next + size
  }
  return new Uint8Array(Buffer.concat(parts))
}
