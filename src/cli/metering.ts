import type { MeteringReport } from '../host/metering-report.ts'

const MB = 1_000_000

/** Of what is left when the custom sections are gone. */
function growth({ bytes, customBytes, rewrittenBytes }: MeteringReport): string {
  const percent = Math.round((rewrittenBytes / (bytes - customBytes) - 1) * 100)
  return percent < 0 ? `${percent} %` : `+${percent} %`
}

const loopsText = (loops: MeteringReport['loops']): string =>
  `${loops['each-trip']} paid each trip, ${loops['in-strips']} in strips, ` +
  `${loops['at-once']} at once, ${loops['going-round']} when they go round`

/** A report as lines of `name: value`, for people; `--json` is for programs. */
export function meteringText(report: MeteringReport): string {
  const { bytes, customBytes, rewrittenBytes, rewriteMs, functions, leaves, loops } = report
  const megabytes = (size: number): string => `${(size / MB).toFixed(2)} MB`
  const speed = bytes / MB / (rewriteMs / 1_000)
  const rows: readonly (readonly [string, string])[] = [
    ['module', report.file],
    ['meter', `version ${report.meterVersion}`],
    ['form', report.form],
    ['reason', report.formReason ?? '-'],
    // The form is the module's: no function of a module has another.
    ['functions', `${functions}, ${leaves} of them without a look at their entry`],
    ['loops', loopsText(loops)],
    [
      'size',
      `${megabytes(bytes - customBytes)} to ${megabytes(rewrittenBytes)} (${growth(report)})`,
    ],
    ['dropped', `${megabytes(customBytes)} of custom sections`],
    ['rewritten', `in ${Math.round(rewriteMs)} ms, ${speed.toFixed(1)} MB/s`],
  ]
  return rows.map(([name, value]) => `${`${name}:`.padEnd(12)}${value}\n`).join('')
}
