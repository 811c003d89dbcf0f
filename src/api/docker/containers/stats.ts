import { availableParallelism, totalmem } from 'node:os'
import type { Container } from '../../../engine/container/container.ts'
import type { Sample } from '../../../engine/container/stats.ts'
import type { Containers } from '../../../engine/engine.ts'
import type { Handler } from '../context.ts'
import { flag } from '../query.ts'
import { jsonLine, streamed } from '../stream.ts'
import { NEVER } from '../time.ts'
import { referenceOf } from './verbs.ts'

const NS_PER_MS = 1e6

/** Of all CPUs together, as in /proc/stat: clients take the share that a container had of it. */
const systemCpuNs = (at: Date, cpus: number): number => at.getTime() * NS_PER_MS * cpus

function cpuShape(sample: Sample | undefined, cpus: number) {
  const total = Math.round((sample?.used?.cpuMs ?? 0) * NS_PER_MS)
  const usage = {
    total_usage: total,
    usage_in_kernelmode: 0,
    usage_in_usermode: total,
  }
  const throttling_data = { periods: 0, throttled_periods: 0, throttled_time: 0 }
  if (sample?.used === undefined) return { cpu_usage: usage, throttling_data }
  return {
    cpu_usage: usage,
    system_cpu_usage: systemCpuNs(sample.at, cpus),
    online_cpus: cpus,
    throttling_data,
  }
}

function memoryShape({ used }: Sample) {
  if (used === undefined) return {}
  const limit = Number.isFinite(used.memoryLimit) ? used.memoryLimit : totalmem()
  return { usage: used.memory, stats: {}, limit }
}

const operation = (op: 'read' | 'write', value: number) => ({ major: 0, minor: 0, op, value })
const blockShape = ({ used }: Sample) => ({
  io_service_bytes_recursive: used && [
    operation('read', used.readBytes),
    operation('write', used.writtenBytes),
  ],
})

/** The object of `GET /containers/{id}/stats`. @source engine API reference, 9 */
export function statsShape(
  { id, record }: Pick<Container, 'id' | 'record'>,
  sample: Sample,
  before: Sample | undefined,
  cpus = availableParallelism(),
) {
  return {
    id,
    // With the slash.
    name: `/${record.name}`,
    read: sample.used === undefined ? NEVER : sample.at.toISOString(),
    preread: before?.used === undefined ? NEVER : before.at.toISOString(),
    num_procs: 0,
    pids_stats:
      sample.used === undefined
        ? {}
        : { current: sample.used.processes, limit: record.spec.guest.limits.pids },
    cpu_stats: cpuShape(sample, cpus),
    precpu_stats: cpuShape(before, cpus),
    memory_stats: memoryShape(sample),
    blkio_stats: blockShape(sample),
    networks: {},
  }
}

/**
 * `stream`: one each second until the container is removed, the default. Otherwise one, of the second
 * that follows; with `one-shot`, or where nothing runs, at once. 200, 404.
 */
export const containerStats =
  (containers: Pick<Containers, 'resolve' | 'stats'>): Handler =>
  (c) => {
    const container = containers.resolve(referenceOf(c))
    const stream = flag(c.req.query('stream') ?? '1')
    const atOnce = flag(c.req.query('one-shot'))
    return streamed(c, 'application/json', async ({ gone, write }) => {
      let before: Sample | undefined
      for await (const sample of containers.stats(container, gone)) {
        const enough = atOnce || before !== undefined || sample.used === undefined
        if (stream || enough) await write(jsonLine(statsShape(container, sample, before)))
        if (!stream && enough) return
        before = sample
      }
    })
  }
