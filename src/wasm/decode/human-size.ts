const UNITS = ['bytes', 'kB', 'MB', 'GB'] as const

/** `2.1 MB`, `1 MB`, `512 bytes`: units of 1024, one decimal where it says something. */
export function humanSize(bytes: number): string {
  let value = bytes
  let unit = 0
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024
    unit += 1
  }
  return `${Number(value.toFixed(1))} ${UNITS[unit]}`
}
