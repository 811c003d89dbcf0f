import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { bulkhead } from '../support/bulkhead.ts'
import { CrashLane, diceOf, type Inspected } from '../support/crash-lane.ts'
import { dataDirectory, startDaemon, type TestDaemon } from '../support/daemon.ts'

const ROUNDS = Number(process.env['BULKHEAD_CRASH_ROUNDS'] ?? 20)
const SEED = Number(process.env['BULKHEAD_CRASH_SEED'] ?? 1)
const LANES = 4
/** Requests of all lanes before the kill, at most. */
const REQUESTS = 40

let directory = ''
beforeAll(async () => {
  directory = dataDirectory()
  await bulkhead(['pull', 'hello-world'])
})
afterAll(() => rmSync(directory, { recursive: true }))

const get = async <T>(base: string, path: string): Promise<T> =>
  (await (await fetch(`${base}${path}`)).json()) as T

async function inspected(base: string): Promise<ReadonlyMap<string, Inspected>> {
  const list = await get<readonly { Id: string }[]>(base, '/containers/json?all=1')
  const all = list.map(({ Id }) => get<Inspected>(base, `/containers/${Id}/json`))
  return new Map((await Promise.all(all)).map((one) => [one.Id, one]))
}

/** Lets all lanes make requests, and kills the daemon right after the `last`th was sent. */
async function requests(daemon: TestDaemon, lanes: readonly CrashLane[], last: number) {
  let sent = 0
  let killed: Promise<void> | undefined
  const count = (): void => {
    sent += 1
    if (sent === last) killed = daemon.kill()
  }
  await Promise.all(lanes.map((lane) => lane.run(count)))
  await killed
}

it(
  `nothing that was answered is lost by ${ROUNDS} kills at random moments (seed ${SEED})`,
  async () => {
    const dice = diceOf(SEED)
    const lanes = Array.from({ length: LANES }, (_, n) => new CrashLane(`lane${n}`, dice))
    for (let round = 0; round <= ROUNDS; round += 1) {
      const daemon = await startDaemon(directory)
      const base = `http://127.0.0.1:${daemon.port}`
      const all = await inspected(base)
      const checks = lanes.map((lane) => lane.check(all))
      const where = `round ${round}`
      expect([where, ...checks.flatMap(({ wrong }) => wrong)]).toEqual([where])
      const ids = checks.flatMap((check) => check.ids).sort()
      expect([where, ...[...all.keys()].sort()]).toEqual([where, ...ids])
      // Logs of containers there are, and of no others.
      const kept = readdirSync(join(directory, 'containers'))
      expect([where, ...kept.filter((id) => !all.has(id))]).toEqual([where])
      for (const lane of lanes) lane.base = base
      if (round === ROUNDS) await daemon.kill()
      else await requests(daemon, lanes, 1 + dice(REQUESTS))
    }
  },
  20_000 + ROUNDS * 30_000,
)
