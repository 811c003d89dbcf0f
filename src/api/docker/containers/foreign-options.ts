import { z } from 'zod'
import { EngineError } from '../../../contract/errors.ts'

const text = z.string().nullish()
const yes = z.boolean().nullish()
const count = z.number().nullish()
const texts = z.array(z.string()).nullish()
const list = z.array(z.unknown()).nullish()
const map = z.record(z.string(), z.unknown()).nullish()

/** Fields of `HostConfig` that speak of what guests have not: a kernel of Linux, devices, ports. */
export const foreign = {
  Privileged: yes,
  CapAdd: texts,
  CapDrop: texts,
  SecurityOpt: texts,
  GroupAdd: texts,
  CgroupParent: text,
  CgroupnsMode: text,
  UsernsMode: text,
  UTSMode: text,
  PidMode: text,
  IpcMode: text,
  Devices: list,
  DeviceRequests: list,
  DeviceCgroupRules: texts,
  Runtime: text,
  Sysctls: map,
  StorageOpt: map,
  ShmSize: count,
  MemorySwap: count,
  MemoryReservation: count,
  CpusetCpus: text,
  CpusetMems: text,
  BlkioWeight: count,
  OomKillDisable: yes,
  OomScoreAdj: count,
  Dns: texts,
  DnsOptions: texts,
  DnsSearch: texts,
  ExtraHosts: texts,
  Links: texts,
  PortBindings: z
    .record(z.string(), z.array(z.looseObject({ HostPort: z.string().nullish() })).nullable())
    .nullish(),
  PublishAllPorts: yes,
}
const schema = z.object(foreign)
export type ForeignOptions = z.output<typeof schema>

const NO_KERNEL = 'has no meaning for WebAssembly guests and was ignored.'
const NO_WIRE = 'was ignored: networks carry nothing in this version.'
const NO_CONTROL = 'was ignored: this version has no such limit.'

/** What is accepted and changes nothing, and what the client is told of it. */
const IGNORED = {
  Privileged: NO_KERNEL,
  CapAdd: NO_KERNEL,
  CapDrop: NO_KERNEL,
  SecurityOpt: NO_KERNEL,
  GroupAdd: NO_KERNEL,
  CgroupParent: NO_KERNEL,
  CgroupnsMode: NO_KERNEL,
  UsernsMode: NO_KERNEL,
  DeviceCgroupRules: NO_KERNEL,
  Sysctls: NO_KERNEL,
  ShmSize: NO_KERNEL,
  OomScoreAdj: NO_KERNEL,
  OomKillDisable: NO_KERNEL,
  CpusetMems: NO_KERNEL,
  StorageOpt: NO_CONTROL,
  MemorySwap: NO_CONTROL,
  MemoryReservation: NO_CONTROL,
  CpusetCpus: NO_CONTROL,
  BlkioWeight: NO_CONTROL,
  Dns: NO_WIRE,
  DnsOptions: NO_WIRE,
  DnsSearch: NO_WIRE,
  ExtraHosts: NO_WIRE,
  Links: NO_WIRE,
  PortBindings: NO_WIRE,
  PublishAllPorts: NO_WIRE,
} as const satisfies { [K in keyof ForeignOptions]?: string }

/** Docker's ways of saying nothing; -1 lifts a bound, and each value here is one's default. */
function saysNothing(value: unknown): boolean {
  if (value === null || value === undefined || value === false || value === '') return true
  if (value === 0 || value === -1 || value === 'private') return true
  return typeof value === 'object' && Object.keys(value).length === 0
}

/** @param platform - of the query. */
export function ignoredOptions(host: ForeignOptions, platform: string): readonly string[] {
  // Keys of the table, which the compiler does not tell.
  const names = Object.keys(IGNORED) as (keyof typeof IGNORED)[]
  const fields = names.filter((name) => !saysNothing(host[name]))
  return [
    ...fields.map((name) => `${name} ${IGNORED[name]}`),
    ...(platform === '' ? [] : [`Platform ${NO_KERNEL}`]),
  ]
}

const invalid = (reason: string): EngineError => new EngineError('INVALID_ARGUMENT', reason)
const cannot = (what: string): EngineError =>
  invalid(`${what} is not supported: guests are WebAssembly programs in threads of this daemon`)

/** Namespaces that a container has for itself, whatever is asked. */
const NAMESPACES = ['PidMode', 'IpcMode', 'UTSMode'] as const
const OWN: ReadonlySet<string> = new Set(['', 'private', 'none', 'shareable'])

const LAST_PORT = 65_535
/** A port, or the first and the last of a range. */
const PORT = /^(\d{1,5})(?:-(\d{1,5}))?$/

function checkPort(text: string): void {
  const ends = PORT.exec(text)
    ?.slice(1)
    .map((end = '0') => Number(end))
  if (ends === undefined || ends.some((end) => end > LAST_PORT)) {
    throw invalid(`invalid port specification: ${JSON.stringify(text)}`)
  }
}

/** They lead nowhere yet; what is none is refused all the same. @source moby daemon/container.go */
function checkPorts(bindings: NonNullable<ForeignOptions['PortBindings']>): void {
  for (const [port, hosts] of Object.entries(bindings)) {
    checkPort(port.split('/', 1)[0] ?? '')
    for (const { HostPort } of hosts ?? []) if (HostPort) checkPort(HostPort)
  }
}

/**
 * Refuses what cannot mean anything here and must not be passed over in silence: who asks for it counts
 * on it.
 *
 * @throws EngineError `INVALID_ARGUMENT`.
 */
export function refuseForeign(host: ForeignOptions): void {
  const { Devices, DeviceRequests, Runtime, PortBindings } = host
  checkPorts(PortBindings ?? {})
  if (Devices && Devices.length > 0) throw cannot('Devices')
  if (DeviceRequests && DeviceRequests.length > 0) throw cannot('DeviceRequests (GPUs)')
  if (Runtime && Runtime !== 'bulkhead') throw cannot(`runtime ${JSON.stringify(Runtime)}`)
  for (const name of NAMESPACES) {
    const mode = host[name] ?? ''
    if (!OWN.has(mode)) throw cannot(`${name} ${JSON.stringify(mode)}`)
  }
}
