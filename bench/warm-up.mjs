/**
 * Hello jobs until V8 has compiled what a job runs through: its p50 halves between the first 300 and
 * 3,000.
 */
export const WARM_JOBS = 8_000
const WIDTH = 16

/** So many jobs, `WIDTH` at a time. */
export async function warmUp(job, jobs) {
  for (let done = 0; done < jobs; done += WIDTH) {
    await Promise.all(Array.from({ length: WIDTH }, () => job()))
  }
}
