import type { Clock } from '../../../contract/clock.ts'
import type { CpuUsage } from '../../cgroup/cpu.ts'
import type { Process, ProcessExit, ProcessState } from '../../process/process.ts'
import { commandText, memoryOf } from './proc-status.ts'

/** What a container as a whole has used. */
export interface SystemUsage {
  readonly cpus: number
  /** Seconds since the container started. */
  readonly uptime: () => number
  readonly cpuUsage: () => Pick<CpuUsage, 'userUs' | 'systemUs'>
  /** How many processes there have been. */
  readonly born: () => number
}

/** Ticks of a second: sysconf(_SC_CLK_TCK). */
const TICKS = 100
const PAGE = 4_096
const LETTER: Readonly<Record<ProcessState, string>> = {
  running: 'R',
  sleeping: 'S',
  stopped: 'T',
  zombie: 'Z',
}
/** What tells that there is a terminal: the number of the first pseudo-terminal, pts/0. */
const TERMINAL = 136 * 256

const ticks = (ms: number): number => Math.floor((ms * TICKS) / 1_000)
const seconds = (ns: bigint): number => Number(ns) / 1e9

/** As wait(2) encodes it. */
const waitStatus = ({ code, signal }: ProcessExit): number => signal ?? code << 8

/** When it started, in ticks since its container did. */
function startTicks(process: Process, uptime: number): number {
  const age = seconds(process.clock.now('monotonic') - process.startedAt)
  return Math.max(0, Math.floor((uptime - age) * TICKS))
}

/** The 52 fields of a process; what nobody counts here is 0. @source proc(5), /proc/pid/stat */
export function stat(process: Process, uptime: number): string {
  const { pid, parentPid, groupId, sessionId, terminal, thread, ended } = process
  const memory = memoryOf(process)
  const place = [parentPid, groupId, sessionId, terminal === undefined ? 0 : TERMINAL]
  const times = [ticks(thread.cpuMs?.() ?? 0), 0, ticks(process.childrenCpuMs), 0]
  const faults = [0, 0, 0, 0, 0]
  // priority, nice, threads, itrealvalue
  const schedule = [20, 0, ended === undefined ? 1 : 0, 0, startTicks(process, uptime)]
  const fields = [
    ...place,
    terminal?.foreground ?? -1,
    ...faults,
    ...times,
    ...schedule,
    memory,
    Math.ceil(memory / PAGE),
    ...Array<number>(27).fill(0),
    ended === undefined ? 0 : waitStatus(ended),
  ]
  return `${pid} (${commandText(process)}) ${LETTER[process.state]} ${fields.join(' ')}\n`
}

/** @source proc(5), /proc/pid/statm */
export function statm(process: Process): string {
  const pages = Math.ceil(memoryOf(process) / PAGE)
  return `${pages} ${pages} 0 0 0 ${pages} 0\n`
}

/** @source proc(5), /proc/stat */
export function systemStat(
  { cpus, uptime, cpuUsage, born }: SystemUsage,
  processes: ReadonlyMap<number, Process>,
  clock: Clock,
): string {
  const { userUs, systemUs } = cpuUsage()
  const [user, system] = [ticks(userUs / 1_000), ticks(systemUs / 1_000)]
  const idle = Math.max(0, Math.floor(uptime() * TICKS * cpus) - user - system)
  const started = Math.floor(seconds(clock.now('realtime')) - uptime())
  const running = [...processes.values()].filter(({ state }) => state === 'running').length
  return [
    `cpu  ${user} 0 ${system} ${idle} 0 0 0 0 0 0`,
    `btime ${started}`,
    `processes ${born()}`,
    `procs_running ${running}`,
    'procs_blocked 0',
    '',
  ].join('\n')
}
