// What the daemon adds to `docker run --rm hello-world`: Docker's own client runs it against the daemon
// and, in turns, against one that answers the same requests from memory. And the resident memory of the
// daemon with its cell while containers idle in it.
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { Agent } from 'node:http'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { send, startDaemon, startServer } from './daemon.mjs'
import { interleaved, median, quantile } from './statistics.mjs'
import { withDirectory } from './with-directory.mjs'

const FULL = { rounds: 60, idle: 100 }
const QUICK = { rounds: 2, idle: 2 }
const ADDED_GOAL = { atMost: 15 }
const MEMORY_GOAL = { atMost: 1.3 * 1024 }
const MIB = 2 ** 20
/** proc(5): a hundred ticks a second; utime and stime behind the command's closing bracket. */
const MS_PER_TICK = 10
const CPU_FIELDS = [11, 12]

const HERE = fileURLToPath(new URL('.', import.meta.url))
const GUESTS = fileURLToPath(new URL('../guests/build', import.meta.url))
const DOCKER = process.env.BULKHEAD_DOCKER ?? 'docker'

/** Milliseconds of one run by the client, from its start to its end. */
async function clientRun(address, home) {
  const env = { PATH: process.env.PATH, HOME: home, DOCKER_HOST: address }
  const from = performance.now()
  const client = spawn(DOCKER, ['run', '--rm', 'hello-world'], { env, stdio: 'ignore' })
  const [code] = await once(client, 'close')
  if (code !== 0) throw new Error(`docker run ended with ${code}`)
  return performance.now() - from
}

/** A process and all it has started: their ids, and resident bytes. */
function familyOf(pid) {
  const rows = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,rss='])
    .toString()
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
  const family = new Set([pid])
  // A child may stand before its parent.
  for (let before = 0; before < family.size; ) {
    before = family.size
    for (const [id, parent] of rows) if (family.has(parent)) family.add(id)
  }
  const bytes = rows.reduce((sum, [id, , kb]) => sum + (family.has(id) ? kb * 1024 : 0), 0)
  return { ids: [...family], bytes }
}

const residentOf = (pid) => familyOf(pid).bytes

/** Milliseconds of CPU that they have used; undefined where the platform does not tell. */
function cpuOf(pid) {
  if (process.platform !== 'linux') return undefined
  const each = familyOf(pid).ids.map((id) => {
    const text = readFileSync(`/proc/${id}/stat`, 'utf8')
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return CPU_FIELDS.reduce((sum, at) => sum + Number(fields[at]) * MS_PER_TICK, 0)
  })
  return each.reduce((sum, ms) => sum + ms, 0)
}

/** A container whose guest waits for input that never comes. */
const IDLE = {
  Image: 'hello-world',
  Entrypoint: ['/guests/endless.wasm'],
  Cmd: ['reading'],
  OpenStdin: true,
  HostConfig: { Binds: [`${GUESTS}:/guests:ro`] },
}

/** Resident bytes of a daemon without containers, and with `count` that idle. */
async function memoryOf(daemon, agent, count) {
  const before = residentOf(daemon.pid)
  for (let turn = 0; turn < count; turn += 1) {
    const { Id } = JSON.parse(await send(agent, daemon.port, 'POST', '/containers/create', IDLE))
    await send(agent, daemon.port, 'POST', `/containers/${Id}/start`)
    // It says so when it runs.
    await firstOutput(agent, daemon.port, Id)
  }
  return { before, after: residentOf(daemon.pid) }
}

async function firstOutput(agent, port, id) {
  const path = `/containers/${id}/logs?stdout=1&tail=1`
  while ((await send(agent, port, 'GET', path)) === '');
}

export async function run({ quick }) {
  const { rounds, idle } = quick ? QUICK : FULL
  const agent = new Agent({ keepAlive: true })
  return await withDirectory(async (directory) => {
    const data = join(directory, 'data')
    const servers = [
      await startDaemon(data),
      await startServer([join(HERE, 'answering-daemon.mjs')]),
    ]
    const [daemon, answering] = servers
    try {
      await send(agent, daemon.port, 'POST', '/images/create?fromImage=hello-world')
      for (const { address } of servers) await clientRun(address, directory)
      const cpuBefore = cpuOf(daemon.pid)
      const samples = await interleaved(
        {
          bulkhead: () => clientRun(daemon.address, directory),
          answering: () => clientRun(answering.address, directory),
        },
        rounds,
      )
      const cpu = cpuBefore === undefined ? [] : [(cpuOf(daemon.pid) - cpuBefore) / rounds]
      const memory = await memoryOf(daemon, agent, idle)
      const [ours, theirs] = [median(samples.bulkhead), median(samples.answering)]
      const mib = (name, bytes) => ({ name, value: bytes / MIB, unit: 'MiB' })
      return {
        figures: [
          { name: 'docker run --rm: median', value: ours, unit: 'ms' },
          { name: 'docker run --rm: p99', value: quantile(samples.bulkhead, 0.99), unit: 'ms' },
          ...cpu.map((value) => ({ name: 'CPU of the daemon, each run', value, unit: 'ms' })),
          mib('resident, no container', memory.before),
          mib(`resident, ${idle} idle containers`, memory.after),
          mib('resident, each of them', (memory.after - memory.before) / idle),
        ],
        baselines: [
          { name: 'against a daemon that does nothing: median', value: theirs, unit: 'ms' },
        ],
        ratios: [
          {
            name: 'added by the daemon: median',
            value: ours - theirs,
            unit: ' ms',
            goal: ADDED_GOAL,
          },
          { name: 'docker run over doing nothing', value: ours / theirs },
          {
            name: `resident, all processes, ${idle} idle`,
            value: memory.after / MIB,
            unit: ' MiB',
            goal: MEMORY_GOAL,
          },
        ],
        samples: { ...samples, memory: [memory.before, memory.after] },
        notes: [
          'Resident bytes are those of the daemon and its cell, shared pages counted in each.',
        ],
      }
    } finally {
      agent.destroy()
      for (const server of servers) await server.kill()
    }
  })
}
