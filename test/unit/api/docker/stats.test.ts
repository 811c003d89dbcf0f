import { describe, expect, it } from 'vitest'
import { statsShape } from '../../../../src/api/docker/containers/stats.ts'

type Arguments = Parameters<typeof statsShape>
type Used = NonNullable<Arguments[1]['used']>

const container = {
  id: 'a'.repeat(64),
  record: { name: 'web', spec: { guest: { limits: { pids: 64 } } } },
} as Arguments[0] // the fields that are read

const used = (cpuMs: number): Used => ({
  state: 'running',
  fuel: 1n,
  cpuMs,
  memory: 2 ** 20,
  memoryLimit: 2 ** 26,
  syscalls: 3,
  readBytes: 10,
  writtenBytes: 20,
  processes: 3,
  safepoints: 1,
  safepointUs: 1,
})
const at = (second: number): Date => new Date(Date.UTC(2026, 0, 1, 0, 0, second))

/** What the docker client makes of it, in percent. @source engine API reference, 9 */
function cpuPercent({ cpu_stats, precpu_stats }: ReturnType<typeof statsShape>): number {
  const spent = cpu_stats.cpu_usage.total_usage - precpu_stats.cpu_usage.total_usage
  const passed = (cpu_stats.system_cpu_usage ?? 0) - (precpu_stats.system_cpu_usage ?? 0)
  return (spent / passed) * (cpu_stats.online_cpus ?? 0) * 100
}

describe('the stats of a container', () => {
  it('give the client the share of a CPU, whatever the number of CPUs', () => {
    for (const cpus of [1, 2, 64]) {
      const shape = statsShape(
        container,
        { at: at(2), used: used(1_250) },
        { at: at(1), used: used(1_000) },
        cpus,
      )
      expect(cpuPercent(shape)).toBeCloseTo(25, 1)
    }
  })
  it('carry the name with its slash, memory, I/O and the time of both samples', () => {
    const shape = statsShape(
      container,
      { at: at(2), used: used(2) },
      { at: at(1), used: used(1) },
      2,
    )
    expect(shape).toMatchObject({
      name: '/web',
      read: '2026-01-01T00:00:02.000Z',
      preread: '2026-01-01T00:00:01.000Z',
      pids_stats: { current: 3, limit: 64 },
      memory_stats: { usage: 2 ** 20, limit: 2 ** 26 },
      blkio_stats: {
        io_service_bytes_recursive: [
          { major: 0, minor: 0, op: 'read', value: 10 },
          { major: 0, minor: 0, op: 'write', value: 20 },
        ],
      },
    })
  })
  it('are empty while nothing runs', () => {
    expect(statsShape(container, { at: at(1), used: undefined }, undefined, 2)).toMatchObject({
      read: '0001-01-01T00:00:00Z',
      pids_stats: {},
      memory_stats: {},
      cpu_stats: { cpu_usage: { total_usage: 0 } },
    })
  })
})
