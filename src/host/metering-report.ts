import { moduleBytes } from '../thread/builder.ts'
import { METER_VERSION, type MeterManifest, type MeterReport, meter } from '../wasm/meter.ts'

/** What metering makes of one module. */
export interface MeteringReport extends MeterReport {
  readonly file: string
  readonly meterVersion: number
  readonly form: MeterManifest['form']
  /** Why the form is not `pass`. */
  readonly formReason: string | undefined
  readonly bytes: number
  readonly rewrittenBytes: number
  /** From the file's bytes to the rewritten module's, both validated. */
  readonly rewriteMs: number
}

/**
 * Rewrites a module on this thread, without the cache, and says what became of it.
 *
 * @param path - of the module on the host.
 * @returns sizes in bytes, times in ms.
 * @throws EngineError `NO_SUCH_FILE` | `INVALID_MODULE`.
 */
export function meteringReport(path: string): MeteringReport {
  const bytes = moduleBytes({ kind: 'host-file', path })
  const began = performance.now()
  const { bytes: rewritten, manifest, report } = meter(bytes)
  const rewriteMs = performance.now() - began
  return {
    file: path,
    meterVersion: METER_VERSION,
    form: manifest.form,
    formReason: manifest.formReason,
    bytes: bytes.length,
    rewrittenBytes: rewritten.length,
    rewriteMs,
    ...report,
  }
}
