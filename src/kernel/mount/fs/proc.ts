import { Errno } from '../../../contract/errno.ts'
import { fail, ok, type Result } from '../../../contract/result.ts'
import type { UtsNamespace } from '../../identity/uts-namespace.ts'
import type { Process, ProcessState } from '../../process/process.ts'
import type { OpenFile } from '../open-file.ts'
import type { MountTable } from '../place.ts'
import type { FileHandle } from '../vnode.ts'
import { directory, link, type Synthetic, text } from './synthetic.ts'

export interface ProcParts {
  /** The processes there are, by pid. */
  readonly processes: ReadonlyMap<number, Process>
  readonly self: () => Process
  readonly mounts: MountTable
  readonly uts: UtsNamespace
  readonly cpus: number
  /** Seconds since the container started. */
  readonly uptime: () => number
}

const STATE: Readonly<Record<ProcessState, string>> = {
  running: 'R (running)',
  sleeping: 'S (sleeping)',
  stopped: 'T (stopped)',
  zombie: 'Z (zombie)',
}
/** The greatest memory that is told: a ledger without a limit has this much. */
const MOST_MEMORY = 2 ** 40
const kib = (bytes: number): string => `${Math.floor(bytes / 1024)} kB`.padStart(11)

function mountLines(mounts: MountTable): string {
  const lines = mounts.list().map(({ fs, path, readOnly }) => {
    const source = fs.name === 'bind' ? 'host' : fs.name
    return `${source} ${path} ${fs.name} ${readOnly ? 'ro' : 'rw'},relatime 0 0\n`
  })
  return lines.join('')
}

function status(process: Process): string {
  const name = process.args[0]?.split('/').at(-1)?.slice(0, 15) ?? ''
  const { uid, gid, groups } = process.credentials
  const memory = process.ledger.used('memory')
  return [
    `Name:\t${name}`,
    `Umask:\t${process.umask.toString(8).padStart(4, '0')}`,
    `State:\t${STATE[process.state]}`,
    `Tgid:\t${process.pid}`,
    `Pid:\t${process.pid}`,
    `PPid:\t${process.parentPid}`,
    `Uid:\t${uid}\t${uid}\t${uid}\t${uid}`,
    `Gid:\t${gid}\t${gid}\t${gid}\t${gid}`,
    `Groups:\t${groups.join(' ')}`,
    `VmPeak:\t${kib(process.ledger.peak('memory'))}`,
    `VmSize:\t${kib(memory)}`,
    `VmRSS:\t${kib(memory)}`,
    'Threads:\t1',
    '',
  ].join('\n')
}

/** A stream is opened again as it is. AGAIN: an end of a pipe that its process uses without the kernel. */
function reopened(file: OpenFile): Result<FileHandle> {
  if (file.handle === undefined) return fail(Errno.NXIO)
  if (file.lent) return fail(Errno.AGAIN)
  file.retain()
  const { pipe: _, ...handle } = file.handle
  return ok({ ...handle, close: () => file.release() })
}

/** A file is led to, and so opened by its own rules: its mount's and its permissions. */
function descriptors(process: Process): Synthetic {
  const entry = (file: OpenFile): Synthetic =>
    file.place === undefined
      ? { kind: 'device', mode: 0o666, open: () => reopened(file) }
      : { kind: 'link', target: () => `inode:${file.place?.vnode.inode}`, place: file.place }
  return {
    kind: 'directory',
    entries: () =>
      new Map([...process.fds.entries()].map(([fd, file]) => [String(fd), entry(file)])),
  }
}

const nulTerminated = (texts: readonly string[]): string => texts.map((one) => `${one}\0`).join('')

const processDirectory = (process: Process, mounts: MountTable): Synthetic =>
  directory({
    status: text(() => status(process)),
    cmdline: text(() => nulTerminated(process.args)),
    environ: text(() => nulTerminated(process.environment)),
    mounts: text(() => mountLines(mounts)),
    cwd: link(() => process.workingDirectory),
    fd: descriptors(process),
  })

function meminfo({ ledger }: Process): string {
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

/** /proc of one container. @source proc(5) */
export function proc(parts: ProcParts): Synthetic {
  const { self, mounts, uts } = parts
  const fixed = new Map<string, Synthetic>([
    ['self', link(() => String(self().pid))],
    ['mounts', link(() => 'self/mounts')],
    ['meminfo', text(() => meminfo(self()))],
    ['cpuinfo', text(() => cpuinfo(parts.cpus))],
    ['uptime', text(() => `${parts.uptime().toFixed(2)} 0.00\n`)],
    ['version', text(() => 'bulkhead (WebAssembly, WASI preview 1)\n')],
    ['loadavg', text(() => `0.00 0.00 0.00 1/${parts.processes.size} ${self().pid}\n`)],
    ['filesystems', text(() => 'nodev\toverlay\nnodev\ttmpfs\nnodev\tproc\nnodev\tcgroup2\n')],
    [
      'sys',
      directory({
        kernel: directory({
          hostname: text(() => `${uts.hostname}\n`),
          domainname: text(() => `${uts.domainname || '(none)'}\n`),
          ostype: text(() => 'bulkhead\n'),
          pid_max: text(() => '32768\n'),
        }),
      }),
    ],
  ])
  return {
    kind: 'directory',
    entries: () => {
      const entries = new Map(fixed)
      for (const [pid, process] of parts.processes) {
        entries.set(String(pid), processDirectory(process, mounts))
      }
      return entries
    },
  }
}
