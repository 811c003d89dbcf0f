const UNITS = 'kmgt'

const sizeIn = (text: string, unit: number): number | undefined => {
  const match = /^(\d+(?:\.\d+)?) ?([kmgt]?)(?:i?b)?$/i.exec(text)
  if (match === null) return undefined
  const [, number = '', letter = ''] = match
  const power = letter === '' ? 0 : UNITS.indexOf(letter.toLowerCase()) + 1
  const bytes = Math.trunc(Number(number) * unit ** power)
  return Number.isSafeInteger(bytes) ? bytes : undefined
}

/**
 * Bytes in a size such as `64m`, `1.5g`, `512kb` or `4096`; units are powers of 1024, in either
 * case, as docker reads `--memory`. Undefined for any other text.
 *
 * @source docker-run(1), "--memory"; go-units RAMInBytes
 */
export const parseSizeBytes = (text: string): number | undefined => sizeIn(text, 1_024)

/** The same in powers of 1000, as docker reads the sizes of logs. @source go-units FromHumanSize */
export const parseDecimalSizeBytes = (text: string): number | undefined => sizeIn(text, 1_000)
