// node:wasi for the benches. V8 enters its C++ straight from wasm, and may not collect there: it cannot
// walk the frames behind such a call, so what they hold is moved or freed unseen. But path_open,
// path_filestat_get and others allocate and tell V8 so, and where external memory has grown by 64 MiB since
// the last full collection, that finishes one: SIGSEGV or an abort, later, anywhere. CPython's `print(1)`
// brings a process down within 60 runs, whether its WASI objects are kept or not. See docs/rationale/house.md.
// @source nodejs/node#46777
import { WASI } from 'node:wasi'

/**
 * As Node gives it: only for small guests, and after a full collection.
 *
 * @param options - WASI's; `version` is preview1 unless it says another
 */
export function directWasi(options) {
  const wasi = new WASI({ version: 'preview1', returnOnExit: true, ...options })
  return { wasi, imports: wasi.getImportObject() }
}

const throughJavaScript = (calls) =>
  Object.fromEntries(
    Object.entries(calls).map(([name, call]) => [name, (...values) => call(...values)]),
  )

/** Its calls made from JavaScript, where V8 may collect; each costs some 30 to 500 ns more. */
export function safeWasi(options) {
  const { wasi, imports } = directWasi(options)
  const modules = Object.entries(imports).map(([name, calls]) => [name, throughJavaScript(calls)])
  return { wasi, imports: Object.fromEntries(modules) }
}
