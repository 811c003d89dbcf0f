import { LAST_SIGNAL } from '../../../contract/signals.ts'
import type { Process, ProcessState } from '../../process/process.ts'
import type { LimitName } from '../../process/process-limits.ts'
import type { SignalAction } from '../../process/signal-actions.ts'

const STATE: Readonly<Record<ProcessState, string>> = {
  running: 'R (running)',
  sleeping: 'S (sleeping)',
  stopped: 'T (stopped)',
  zombie: 'Z (zombie)',
}
/** TASK_COMM_LEN, without the NUL. */
const COMMAND_LENGTH = 15

export const kib = (bytes: number): string => `${Math.floor(bytes / 1024)} kB`.padStart(11)

/** Its name on one line, as far as it is told. */
export const commandText = ({ command }: Process): string =>
  command.slice(0, COMMAND_LENGTH).replaceAll('\n', '\\n')

/** Of the whole container where nobody counts its own. */
export function memoryOf({ ended, thread, ledger }: Process): number {
  if (ended !== undefined) return 0
  return thread.memory?.() ?? ledger.used('memory')
}

/** A bit for each signal whose action is among `actions`. */
function signalMask({ signals }: Process, actions: readonly SignalAction[]): string {
  let mask = 0n
  for (let signal = 1; signal <= LAST_SIGNAL; signal += 1) {
    if (actions.includes(signals.action(signal))) mask |= 1n << BigInt(signal - 1)
  }
  return maskText(mask)
}

const maskText = (mask: bigint): string => mask.toString(16).padStart(16, '0')

/** @source proc(5), /proc/pid/status */
export function status(process: Process): string {
  const { pid, parentPid, groupId, sessionId, credentials } = process
  const { uid, gid, groups } = credentials
  const memory = memoryOf(process)
  return [
    `Name:\t${commandText(process)}`,
    `Umask:\t${process.umask.toString(8).padStart(4, '0')}`,
    `State:\t${STATE[process.state]}`,
    `Tgid:\t${pid}`,
    `Pid:\t${pid}`,
    `PPid:\t${parentPid}`,
    `Uid:\t${uid}\t${uid}\t${uid}\t${uid}`,
    `Gid:\t${gid}\t${gid}\t${gid}\t${gid}`,
    `Groups:\t${groups.join(' ')}`,
    `NSpgid:\t${groupId}`,
    `NSsid:\t${sessionId}`,
    `VmPeak:\t${kib(process.ledger.peak('memory'))}`,
    `VmSize:\t${kib(memory)}`,
    `VmRSS:\t${kib(memory)}`,
    'Threads:\t1',
    `ShdPnd:\t${maskText(process.mask.pending)}`,
    `SigBlk:\t${maskText(process.mask.blocked)}`,
    `SigIgn:\t${signalMask(process, ['ignore'])}`,
    `SigCgt:\t${signalMask(process, ['handle', 'restart'])}`,
    '',
  ].join('\n')
}

const LIMIT_ROWS: readonly (readonly [title: string, name: LimitName, unit: string])[] = [
  ['Max file size', 'fileSize', 'bytes'],
  ['Max processes', 'processes', 'processes'],
  ['Max open files', 'openFiles', 'files'],
]

const limitRow = (title: string, soft: string, hard: string, unit: string): string =>
  `${title.padEnd(25)} ${soft.padEnd(20)} ${hard.padEnd(20)} ${unit.padEnd(10)}\n`

const amount = (value: number): string => (Number.isFinite(value) ? String(value) : 'unlimited')

/** @source proc(5), /proc/pid/limits */
export function limits({ limits: own }: Process): string {
  const rows = LIMIT_ROWS.map(([title, name, unit]) => {
    const { soft, hard } = own.get(name)
    return limitRow(title, amount(soft), amount(hard), unit)
  })
  return [limitRow('Limit', 'Soft Limit', 'Hard Limit', 'Units'), ...rows].join('')
}
