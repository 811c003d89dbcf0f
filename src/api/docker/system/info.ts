import type { Containers, Images } from '../../../engine/engine.ts'
import type { Handler, SystemFacts } from '../context.ts'
import { json } from '../json.ts'

/** What is the same for every daemon. Nothing is left out: clients index it without asking. */
const FIXED = {
  Driver: 'overlay',
  DriverStatus: [],
  CgroupDriver: 'none',
  CgroupVersion: '2',
  LoggingDriver: 'json-file',
  IndexServerAddress: 'https://index.docker.io/v1/',
  RegistryConfig: { IndexConfigs: {}, InsecureRegistryCIDRs: [], Mirrors: [] },
  Plugins: {
    Volume: ['local'],
    Network: ['bridge', 'host', 'null'],
    Authorization: null,
    Log: ['json-file', 'local'],
  },
  Swarm: {
    LocalNodeState: 'inactive',
    ControlAvailable: false,
    NodeID: '',
    NodeAddr: '',
    Error: '',
    RemoteManagers: null,
  },
  Runtimes: { bulkhead: { path: 'bulkhead' } },
  DefaultRuntime: 'bulkhead',
  SecurityOptions: ['name=wasm'],
  Labels: [],
  Warnings: null,
  GenericResources: null,
  MemoryLimit: true,
  SwapLimit: false,
  CpuCfsPeriod: true,
  CpuCfsQuota: true,
  CPUShares: true,
  CPUSet: false,
  PidsLimit: true,
  OomKillDisable: false,
  IPv4Forwarding: true,
  BridgeNfIptables: false,
  BridgeNfIp6tables: false,
  Debug: false,
  NFd: 0,
  NGoroutines: 0,
  NEventsListener: 0,
  HttpProxy: '',
  HttpsProxy: '',
  NoProxy: '',
  LiveRestoreEnabled: false,
  Isolation: '',
  InitBinary: '',
  ContainerdCommit: { ID: '' },
  RuncCommit: { ID: '' },
  InitCommit: { ID: '' },
  ExperimentalBuild: false,
  ClusterStore: '',
}

/** 200. @source Docker Engine API, SystemInfo */
export const systemInfo =
  (
    facts: SystemFacts,
    containers: Pick<Containers, 'list'>,
    images: Pick<Images, 'list'>,
  ): Handler =>
  () => {
    const all = containers.list()
    const count = (...wanted: readonly string[]): number =>
      all.filter(({ record }) => wanted.includes(record.state.status)).length
    const running = count('running')
    const paused = count('paused')
    return json({
      ID: facts.id,
      Name: facts.name,
      ServerVersion: facts.version,
      OperatingSystem: 'bulkhead (WebAssembly)',
      OSType: 'linux',
      OSVersion: '',
      Architecture: facts.architecture,
      KernelVersion: '',
      DockerRootDir: facts.directory,
      NCPU: facts.cpus,
      MemTotal: facts.memory,
      Containers: all.length,
      ContainersRunning: running,
      ContainersPaused: paused,
      ContainersStopped: all.length - running - paused,
      Images: images.list().length,
      ...FIXED,
      SystemTime: facts.now().toISOString(),
    })
  }
