const UNIT_BYTES: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  k: 2 ** 10,
  m: 2 ** 20,
  g: 2 ** 30,
  t: 2 ** 40,
}

/**
 * Bytes in a size such as `64m`, `1.5g`, `512kb` or `4096`; units are powers of 1024, in either
 * case, as docker reads `--memory`. Undefined for any other text.
 *
 * @source docker-run(1), "--memory"; go-units RAMInBytes
 */
export function parseSizeBytes(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?) ?([kmgt]?)(?:i?b)?$/i.exec(text)
  if (match === null) return undefined
  const bytes = Math.trunc(Number(match[1]) * (UNIT_BYTES[(match[2] ?? '').toLowerCase()] ?? 1))
  return Number.isSafeInteger(bytes) ? bytes : undefined
}
