import type { MountSpec } from '../../../contract/guest-spec.ts'
import type { ContainerSpec } from '../../../engine/container/container-spec.ts'
import { isMadeUp } from '../../../engine/container/volume-mount.ts'

/** What no container here has, as Docker writes that it has it not: clients index it without asking. */
const NOTHING = {
  ContainerIDFile: '',
  VolumeDriver: '',
  VolumesFrom: null,
  CapAdd: null,
  CapDrop: null,
  CgroupnsMode: 'private',
  Dns: [],
  DnsOptions: [],
  DnsSearch: [],
  ExtraHosts: null,
  GroupAdd: null,
  IpcMode: 'private',
  Cgroup: '',
  Links: null,
  OomScoreAdj: 0,
  PidMode: '',
  Privileged: false,
  PublishAllPorts: false,
  PortBindings: {},
  SecurityOpt: null,
  UTSMode: '',
  UsernsMode: '',
  ShmSize: 67_108_864,
  Isolation: '',
  CgroupParent: '',
  BlkioWeight: 0,
  BlkioWeightDevice: [],
  CpuRealtimePeriod: 0,
  CpuRealtimeRuntime: 0,
  CpusetCpus: '',
  CpusetMems: '',
  Devices: [],
  DeviceCgroupRules: null,
  DeviceRequests: null,
  MemoryReservation: 0,
  MemorySwap: 0,
  MemorySwappiness: null,
  OomKillDisable: false,
  Ulimits: [],
  CpuCount: 0,
  CpuPercent: 0,
  IOMaximumIOps: 0,
  IOMaximumBandwidth: 0,
  MaskedPaths: [],
  ReadonlyPaths: [],
}

const NANO = 1_000_000_000

const bindText = ({ source, target, readOnly, volume }: Extract<MountSpec, { type: 'bind' }>) =>
  `${volume ?? source}:${target}${readOnly ? ':ro' : ''}`

const tmpfsOptions = ({ size, mode, readOnly }: Extract<MountSpec, { type: 'tmpfs' }>): string =>
  [
    ...(size === undefined ? [] : [`size=${size}`]),
    `mode=${mode.toString(8)}`,
    ...(readOnly ? ['ro'] : []),
  ].join(',')

/** Paths and options; undefined for none, as Docker leaves it out. */
function tmpfsOf(mounts: readonly MountSpec[]): Readonly<Record<string, string>> | undefined {
  const entries = mounts.flatMap((mount) =>
    mount.type === 'tmpfs' ? [[mount.target, tmpfsOptions(mount)] as const] : [],
  )
  return entries.length === 0 ? undefined : Object.fromEntries(entries)
}

/** Docker names devices; a container here has one. */
const ratesOf = (rate: number | undefined) =>
  rate === undefined ? null : [{ Path: '/', Rate: rate }]

/** As asked for: a limit nobody gave is 0, although a default holds. @source Docker Engine API */
export const hostConfigShape = ({ guest, limits, ...spec }: ContainerSpec) => ({
  ...NOTHING,
  Binds: guest.mounts.flatMap((mount) =>
    mount.type === 'bind' && !isMadeUp(mount) ? [bindText(mount)] : [],
  ),
  Tmpfs: tmpfsOf(guest.mounts),
  LogConfig: { Type: spec.log.driver, Config: spec.log.asked },
  NetworkMode: spec.networkMode,
  RestartPolicy: {
    Name: spec.restartPolicy.name,
    MaximumRetryCount: spec.restartPolicy.maximumRetryCount,
  },
  AutoRemove: spec.autoRemove,
  ReadonlyRootfs: guest.readOnlyRoot,
  Init: spec.init,
  ConsoleSize: [guest.terminal?.rows ?? 0, guest.terminal?.columns ?? 0],
  Memory: limits.memory === undefined ? 0 : guest.limits.memory,
  NanoCpus: Math.round((limits.cpus ?? 0) * NANO),
  CpuQuota: limits.cpuQuota ?? 0,
  CpuPeriod: limits.cpuPeriod ?? 0,
  CpuShares: limits.cpuShares ?? 0,
  BlkioDeviceReadBps: ratesOf(limits.readBps === undefined ? undefined : guest.limits.readBps),
  BlkioDeviceWriteBps: ratesOf(limits.writeBps === undefined ? undefined : guest.limits.writeBps),
  BlkioDeviceReadIOps: ratesOf(limits.readIops),
  BlkioDeviceWriteIOps: ratesOf(limits.writeIops),
  PidsLimit: limits.pids ?? null,
  Runtime: 'bulkhead',
})
