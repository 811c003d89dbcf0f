// The few statistics the benches print.

/** The value below which `share` of the samples lie. */
export function quantile(samples, share) {
  const sorted = samples.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

export const median = (samples) => quantile(samples, 0.5)

/** The least of them: what the work costs when nothing else disturbs it. */
export const least = (samples) => samples.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)

export const geomean = (values) =>
  Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length)

/**
 * Runs each case once a round, so that drift of the machine meets all alike; the order turns every
 * round. A case answers its own measure.
 *
 * @param cases - name → function, sync or async, that answers a number
 * @returns name → samples
 */
export async function interleaved(cases, rounds) {
  const order = Object.entries(cases)
  const samples = Object.fromEntries(order.map(([name]) => [name, []]))
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, measure] of order) samples[name].push(await measure(round))
    order.reverse()
  }
  return samples
}
