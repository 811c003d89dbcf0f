import type { Clock } from '../../../contract/clock.ts'
import { Errno } from '../../../contract/errno.ts'
import { fail, ok, type Result } from '../../../contract/result.ts'
import type { Ledger } from '../../cgroup/ledger.ts'
import type { UtsNamespace } from '../../identity/uts-namespace.ts'
import { PID_MAX } from '../../process/pid-numbers.ts'
import type { Process } from '../../process/process.ts'
import type { MountTable } from '../place.ts'
import { OpenFiles } from './open-files.ts'
import { processDirectory } from './proc-process.ts'
import { type SystemUsage, systemStat } from './proc-stat.ts'
import { kib } from './proc-status.ts'
import { directory, link, type Synthetic, text } from './synthetic.ts'

export interface ProcParts extends SystemUsage {
  /** The processes there are, by pid. */
  readonly processes: ReadonlyMap<number, Process>
  /** Who looks; undefined: the host does, before there is a process. */
  readonly self: () => Process | undefined
  readonly mounts: MountTable
  readonly uts: UtsNamespace
  readonly ledger: Ledger
  readonly clock: Clock
}

/** The greatest memory that is told: a ledger without a limit has this much. */
const MOST_MEMORY = 2 ** 40

function meminfo(ledger: Ledger): string {
  const total = Math.min(ledger.limit('memory'), MOST_MEMORY)
  const free = total - ledger.used('memory')
  return [
    `MemTotal:    ${kib(total)}`,
    `MemFree:     ${kib(free)}`,
    `MemAvailable:${kib(free)}`,
    `Buffers:     ${kib(0)}`,
    `Cached:      ${kib(0)}`,
    `SwapTotal:   ${kib(0)}`,
    `SwapFree:    ${kib(0)}`,
    '',
  ].join('\n')
}

const cpuinfo = (cpus: number): string =>
  Array.from(
    { length: cpus },
    (_, index) => `processor\t: ${index}\nvendor_id\t: WebAssembly\nmodel name\t: wasm32\n\n`,
  ).join('')

/** Nobody keeps an average; the rest is as it is now. */
function loadavg({ processes, born }: ProcParts): string {
  const running = [...processes.values()].filter(({ state }) => state === 'running').length
  return `0.00 0.00 0.00 ${running}/${processes.size} ${born()}\n`
}

const system = (uts: UtsNamespace): Synthetic =>
  directory({
    kernel: directory({
      hostname: text(() => `${uts.hostname}\n`),
      domainname: text(() => `${uts.domainname || '(none)'}\n`),
      ostype: text(() => 'bulkhead\n'),
      pid_max: text(() => `${PID_MAX}\n`),
    }),
  })

/** @source Linux proc_self_get_link: NOENT for who is not in the namespace. */
const ownNumber = (self: Process | undefined): Result<string> =>
  self === undefined ? fail(Errno.NOENT) : ok(String(self.pid))

/** /proc of one container. @source proc(5) */
export function proc(parts: ProcParts): Synthetic {
  const { self, mounts, processes, ledger, clock } = parts
  const fixed = new Map<string, Synthetic>([
    ['self', { kind: 'link', target: () => ownNumber(self()) }],
    ['mounts', link(() => 'self/mounts')],
    ['meminfo', text(() => meminfo(ledger))],
    ['cpuinfo', text(() => cpuinfo(parts.cpus))],
    ['stat', text(() => systemStat(parts, processes, clock))],
    ['uptime', text(() => `${parts.uptime().toFixed(2)} 0.00\n`)],
    ['version', text(() => 'bulkhead (WebAssembly, WASI preview 1)\n')],
    ['loadavg', text(() => loadavg(parts))],
    ['filesystems', text(() => 'nodev\toverlay\nnodev\ttmpfs\nnodev\tproc\nnodev\tcgroup2\n')],
    ['sys', system(parts.uts)],
  ])
  const openFiles = new OpenFiles(() => clock.now('realtime'))
  const looking = { self, mounts, uptime: parts.uptime, openFiles }
  return {
    kind: 'directory',
    entries: () => {
      const entries = new Map(fixed)
      for (const [pid, process] of processes) {
        entries.set(String(pid), processDirectory(process, looking))
      }
      return entries
    },
  }
}
