import { type Fields, fieldsOf, invalidEntry, text } from './catalogue-fields.ts'

/** One thing an image has. Modes are permission bits. */
export type ImagePart =
  /**
   * A file of the source, executable for all. `applets`: the directory that gets a symbolic link to it
   * for each name the module says it goes by.
   */
  | { readonly from: string; readonly to: string; readonly applets?: string }
  /** A gzipped tar of the source, unpacked below `to`; `strip` leading names are taken off each entry's. */
  | { readonly unpack: string; readonly to: string; readonly strip: number }
  /** A file that the package ships below images/. */
  | { readonly own: string; readonly to: string; readonly mode: number }
  /** A symbolic link to `link`. */
  | { readonly link: string; readonly to: string }
  | { readonly directory: number; readonly to: string }

/** The file of the source that a part is made of; undefined: it needs none. */
export const sourceNameOf = (part: ImagePart): string | undefined => {
  if ('from' in part) return part.from
  return 'unpack' in part ? part.unpack : undefined
}

/** An absolute path in the image, without `.` and `..`. */
function pathOf(name: string, fields: Fields, key: string): string {
  const path = text(name, fields, key)
  if (/^(?:\/[^/\0]+)+$/.test(path) && !/\/\.{1,2}(?:\/|$)/.test(path)) return path
  throw invalidEntry(name, `${key} must be an absolute path`)
}

/** Octal digits. */
function modeOf(name: string, fields: Fields, key: string): number {
  const mode = text(name, fields, key)
  if (/^[0-7]{3,4}$/.test(mode)) return Number.parseInt(mode, 8)
  throw invalidEntry(name, `${key} must be a mode in octal`)
}

/** A path below images/, without anything that leads out. */
function ownPath(name: string, fields: Fields): string {
  const path = text(name, fields, 'own')
  if (/^[\w-][\w.-]*(?:\/[\w-][\w.-]*)*$/.test(path)) return path
  throw invalidEntry(name, 'own must be a path below images/')
}

function stripOf(name: string, fields: Fields): number {
  const strip = fields.get('strip') ?? 0
  if (typeof strip === 'number' && Number.isSafeInteger(strip) && strip >= 0) return strip
  throw invalidEntry(name, 'strip must be a number of names')
}

/** @throws EngineError `INVALID_IMAGE`. */
export function partOf(name: string, value: unknown): ImagePart {
  const fields = fieldsOf(name, value, 'a file')
  const to = pathOf(name, fields, 'to')
  if (fields.has('unpack')) {
    return { unpack: text(name, fields, 'unpack'), to, strip: stripOf(name, fields) }
  }
  if (fields.has('own'))
    return { own: ownPath(name, fields), to, mode: modeOf(name, fields, 'mode') }
  if (fields.has('link')) return { link: pathOf(name, fields, 'link'), to }
  if (fields.has('directory')) return { directory: modeOf(name, fields, 'directory'), to }
  const from = text(name, fields, 'from')
  return fields.has('applets')
    ? { from, to, applets: pathOf(name, fields, 'applets') }
    : { from, to }
}
