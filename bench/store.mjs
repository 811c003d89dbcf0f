// What durable state costs: POST /containers/create over HTTP with the store on disk and with the one
// in memory, in turns; opening a store of a thousand containers and listing them; the memory of a
// daemon with 500 created ones.
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { Agent, createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { getRequestListener } from '@hono/node-server'
import { accessWith } from '../dist/api/docker/access.js'
import { dockerApp } from '../dist/api/docker/app.js'
import { createInProcessCell } from '../dist/cell/in-process-cell.js'
import { CONTAINER } from '../dist/engine/store/container-shape.js'
import { memoryContainerStore } from '../dist/engine/store/container-store.js'
import { memoryRecordStore } from '../dist/engine/store/record-store.js'
import { composeEngine } from '../dist/host/compose-engine.js'
import { openImages } from '../dist/host/images.js'
import { openState } from '../dist/host/open-state.js'
import { send, startDaemon } from './daemon.mjs'
import { interleaved, median, quantile } from './statistics.mjs'

const FULL = { rounds: 5, creates: 200, kept: 1_000, held: 500 }
const QUICK = { rounds: 1, creates: 5, kept: 10, held: 5 }
const LIST_GOAL = { atMost: 50 }
const MEMORY_GOAL = { atMost: 30 }
const AT_ONCE = 16
const MIB = 2 ** 20

const root = fileURLToPath(new URL('..', import.meta.url))
const fail = (error) => {
  throw error
}

const create = (agent, port) =>
  send(agent, port, 'POST', '/containers/create', { Image: 'hello-world' })

/** An engine over `store`, served at a port. */
async function served(dataDirectory, store) {
  const images = openImages({ dataDirectory, packageRoot: root })
  await images.surface.pull('hello-world')
  const cell = createInProcessCell({ dataDirectory, slots: 1 })
  const engine = await composeEngine({
    cell,
    images,
    dataDirectory,
    store,
    networkStore: memoryRecordStore(),
    report: fail,
  })
  const app = dockerApp({
    engine,
    access: accessWith(undefined),
    report: fail,
    answered: () => {},
  })
  const server = createServer(getRequestListener(app.fetch, { overrideGlobalObjects: false }))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: server.address().port,
    engine,
    close: async () => {
      server.closeAllConnections()
      server.close()
      await cell[Symbol.asyncDispose]()
    },
  }
}

const timed = async (work) => {
  const from = performance.now()
  const result = await work()
  return { ms: performance.now() - from, result }
}

/** Creates one after the other, each timed; answers the median. */
async function oneByOne(agent, port, count, into) {
  const times = []
  for (let turn = 0; turn < count; turn += 1) {
    times.push((await timed(() => create(agent, port))).ms)
  }
  into.push(...times)
  return median(times)
}

/** Milliseconds for each of `count` creates, of which some are always under way. */
async function together(agent, port, count) {
  const lane = async () => {
    for (let turn = 0; turn < count / AT_ONCE; turn += 1) await create(agent, port)
  }
  const { ms } = await timed(() => Promise.all(Array.from({ length: AT_ONCE }, lane)))
  return ms / count
}

/** Opening what was kept, loading it, and listing it over HTTP. */
async function reopened(directory, agent) {
  const opened = await timed(() => openState(directory))
  const again = await served(directory, opened.result.of(CONTAINER))
  const { ms: load } = await timed(() => again.engine.recover())
  await send(agent, again.port, 'GET', '/containers/json?all=1')
  const { ms: list, result } = await timed(() =>
    send(agent, again.port, 'GET', '/containers/json?all=1'),
  )
  await again.close()
  opened.result.close()
  return { open: opened.ms, load, list, count: JSON.parse(result).length }
}

/** Bytes of a daemon's memory, before and after it has made `count` containers. */
async function memoryOf(directory, agent, count) {
  const daemon = await startDaemon(directory)
  const { port } = daemon
  const resident = async () => {
    const metrics = await send(agent, port, 'GET', '/metrics')
    return Number(/^process_resident_memory_bytes (\S+)/m.exec(metrics)?.[1])
  }
  try {
    await send(agent, port, 'POST', '/images/create?fromImage=hello-world')
    // The first ones warm the code.
    for (let turn = 0; turn < count; turn += 1) await create(agent, port)
    const before = await resident()
    for (let turn = 0; turn < count; turn += 1) await create(agent, port)
    return (await resident()) - before
  } finally {
    await daemon.kill()
  }
}

export async function run({ quick }) {
  const { rounds, creates, kept, held } = quick ? QUICK : FULL
  // On a disk: that is what is measured.
  const directory = mkdtempSync(join(tmpdir(), 'bench-store-'))
  const agent = new Agent({ keepAlive: true })
  try {
    const [onDisk, other, third] = ['disk', 'memory', 'daemon'].map((name) => join(directory, name))
    const state = openState(onDisk)
    const disk = await served(onDisk, state.of(CONTAINER))
    const memory = await served(other, memoryContainerStore())
    const single = { disk: [], memory: [] }
    const one = await interleaved(
      {
        disk: () => oneByOne(agent, disk.port, creates, single.disk),
        memory: () => oneByOne(agent, memory.port, creates, single.memory),
      },
      rounds,
    )
    const many = await interleaved(
      {
        disk: () => together(agent, disk.port, creates),
        memory: () => together(agent, memory.port, creates),
      },
      rounds,
    )
    for (let left = kept - disk.engine.containers.list().length; left > 0; left -= 1) {
      await create(agent, disk.port)
    }
    await Promise.all([disk.close(), memory.close()])
    state.close()
    const { open, load, list, count } = await reopened(onDisk, agent)
    const grown = (await memoryOf(third, agent, held)) / MIB
    const ratio = (samples) => median(samples.disk) / median(samples.memory)
    return {
      figures: [
        { name: 'create, on disk: median', value: median(single.disk), unit: 'ms' },
        { name: 'create, on disk: p99', value: quantile(single.disk, 0.99), unit: 'ms' },
        { name: `create, ${AT_ONCE} at once, on disk`, value: median(many.disk), unit: 'ms each' },
        { name: `open a store of ${count}`, value: open, unit: 'ms' },
        { name: `load ${count} containers`, value: load, unit: 'ms' },
      ],
      baselines: [
        { name: 'create, in memory: median', value: median(single.memory), unit: 'ms' },
        { name: 'create, in memory: p99', value: quantile(single.memory, 0.99), unit: 'ms' },
        {
          name: `create, ${AT_ONCE} at once, in memory`,
          value: median(many.memory),
          unit: 'ms each',
        },
      ],
      ratios: [
        { name: 'create: on disk over in memory', value: ratio(one) },
        { name: `create, ${AT_ONCE} at once: on disk over in memory`, value: ratio(many) },
        { name: `list ${count} containers`, value: list, unit: ' ms', goal: LIST_GOAL },
        {
          name: `memory of ${held} created containers`,
          value: grown,
          unit: ' MiB',
          goal: MEMORY_GOAL,
        },
      ],
      samples: { ...single, together: many },
    }
  } finally {
    agent.destroy()
    rmSync(directory, { recursive: true })
  }
}
