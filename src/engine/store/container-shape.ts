import { z } from 'zod'
import type { Determinism, GuestSpec, InputFile, MountSpec } from '../../contract/guest-spec.ts'
import { ContainerId } from '../../contract/ids.ts'
import { DEFAULT_LIMITS, type Limits, type OomPolicy } from '../../contract/limits.ts'
import type { ContainerState, Exit } from '../../contract/state.ts'
import type { TerminalSize } from '../../contract/terminal.ts'
import type { ContainerRecord } from '../container/container-record.ts'
import { type ContainerSpec, LOG_DRIVERS, type LogOptions } from '../container/container-spec.ts'
import type { Health, HealthStatus, ProbeResult } from '../container/health/health-state.ts'
import type { RestartPolicy } from '../container/restart-policy.ts'
import type { HealthConfig } from '../container/root-source.ts'
import type { LimitsSpec } from '../container/run-spec.ts'
import type { Attachment } from '../network/network-record.ts'
import { orAbsent, orUndefined, shapeOf } from './shape-of.ts'
import type { RecordKind } from './sqlite-store.ts'

const text = z.string()
const texts = z.array(text)
const yes = z.boolean()
const count = z.number()
const maybeCount = orUndefined(count)
const bytes = z.instanceof(Uint8Array)
const date = z.date()

const id = z.string().transform((value, context) => {
  const parsed = ContainerId.parse(value)
  if (parsed !== undefined) return parsed
  context.addIssue({ code: 'custom', message: 'no id of a container' })
  return z.NEVER
})

const oomPolicy = z.enum(['term', 'kill', 'fail'] satisfies readonly OomPolicy[])

const limits = shapeOf<Limits>()({
  memory: count,
  disk: count,
  inodes: count,
  openFiles: count,
  fileSize: maybeCount,
  pids: count,
  fuel: orUndefined(z.bigint()),
  cpuQuota: maybeCount,
  cpuPeriod: count,
  cpuShares: count,
  readBps: maybeCount,
  writeBps: maybeCount,
  readIops: maybeCount,
  writeIops: maybeCount,
  timeoutMs: maybeCount,
  collect: count,
  oomPolicy,
})

const asked = orAbsent(count)
const askedSize = orAbsent(z.union([count, text]))

const limitsSpec = shapeOf<LimitsSpec>()({
  memory: askedSize,
  disk: askedSize,
  inodes: asked,
  openFiles: asked,
  fileSize: askedSize,
  pids: asked,
  cpus: asked,
  cpuQuota: asked,
  cpuPeriod: asked,
  cpuShares: asked,
  readBps: askedSize,
  writeBps: askedSize,
  readIops: asked,
  writeIops: asked,
  fuel: orAbsent(z.union([z.bigint(), count])),
  timeoutMs: asked,
  collect: askedSize,
  oomPolicy: orAbsent(oomPolicy),
})

const healthcheck = shapeOf<HealthConfig>()({
  Test: orAbsent(texts),
  Interval: asked,
  Timeout: asked,
  StartPeriod: asked,
  StartInterval: asked,
  Retries: asked,
})

type MountOf<T extends MountSpec['type']> = Extract<MountSpec, { type: T }>

const mount = z.discriminatedUnion('type', [
  shapeOf<MountOf<'bind'>>()({
    type: z.literal('bind'),
    source: text,
    target: text,
    readOnly: yes,
    volume: orAbsent(text),
  }),
  shapeOf<MountOf<'tmpfs'>>()({
    type: z.literal('tmpfs'),
    target: text,
    size: maybeCount,
    mode: count,
    readOnly: yes,
  }),
])

const guest = shapeOf<GuestSpec>()({
  args: texts,
  environment: texts,
  workingDirectory: text,
  user: text,
  hostname: text,
  domainname: text,
  readOnlyRoot: yes,
  mounts: z.array(mount),
  preopens: z.array(z.tuple([text, text])),
  personality: z.enum(['container', 'strict']),
  escapeErrno: z.enum(['PERM', 'NOTCAPABLE']),
  files: z.array(shapeOf<InputFile>()({ path: text, bytes, mode: count })),
  collect: texts,
  limits,
  deterministic: orUndefined(shapeOf<Determinism>()({ seed: count, epoch: count })),
  terminal: orUndefined(shapeOf<TerminalSize>()({ rows: count, columns: count })),
  init: yes,
})

const earlierSpec = z.looseObject({
  init: yes,
  guest: z.looseObject({ limits: z.looseObject({}) }),
  log: z.looseObject({}),
})

/**
 * What a record does not say that was stored before guests had terminals and actions of signals, before
 * a log had drivers, or before there was a limit on what comes back.
 */
function completed(stored: unknown): unknown {
  const { data } = earlierSpec.safeParse(stored)
  if (data === undefined) return stored
  const limits = { collect: DEFAULT_LIMITS.collect, ...data.guest.limits }
  const guest = { terminal: undefined, init: data.init, ...data.guest, limits }
  return { ...data, guest, log: { driver: 'json-file', asked: {}, ...data.log } }
}

const wholeSpec = shapeOf<ContainerSpec>()({
  image: text,
  imageId: text,
  entrypoint: texts,
  cmd: texts,
  env: texts,
  labels: z.record(text, text),
  tty: yes,
  attachStdin: yes,
  attachStdout: yes,
  attachStderr: yes,
  openStdin: yes,
  stdinOnce: yes,
  stopSignal: text,
  stopTimeout: maybeCount,
  restartPolicy: shapeOf<RestartPolicy>()({
    name: z.enum(['no', 'always', 'unless-stopped', 'on-failure']),
    maximumRetryCount: count,
  }),
  autoRemove: yes,
  networkMode: text,
  networks: z.array(
    shapeOf<Attachment>()({ network: text, aliases: texts, address: orUndefined(text) }),
  ),
  init: yes,
  healthcheck: orAbsent(healthcheck),
  shell: orAbsent(texts),
  log: shapeOf<LogOptions>()({
    driver: z.enum(LOG_DRIVERS),
    asked: z.record(text, text),
    maxBytes: count,
    maxFiles: count,
  }),
  limits: limitsSpec,
  guest,
})

const spec = z.preprocess(completed, wholeSpec)

const exit = shapeOf<Exit>()({
  code: count,
  oomKilled: yes,
  error: text,
  startedAt: orUndefined(date),
  finishedAt: date,
})

type StateOf<S extends ContainerState['status']> = Extract<ContainerState, { status: S }>
const status = <S extends string>(name: S) => z.literal(name)
const last = orUndefined(exit)

const state = z.discriminatedUnion('status', [
  shapeOf<StateOf<'created'>>()({ status: status('created'), last }),
  shapeOf<StateOf<'running'>>()({ status: status('running'), pid: count, startedAt: date }),
  shapeOf<StateOf<'paused'>>()({ status: status('paused'), pid: count, startedAt: date }),
  shapeOf<StateOf<'restarting'>>()({ status: status('restarting'), last: exit, retryAt: date }),
  shapeOf<StateOf<'removing'>>()({ status: status('removing'), last }),
  shapeOf<StateOf<'exited'>>()({ status: status('exited'), last: exit }),
  shapeOf<StateOf<'dead'>>()({ status: status('dead'), last, reason: text }),
])

const health = shapeOf<Health>()({
  status: z.enum(['starting', 'healthy', 'unhealthy'] satisfies readonly HealthStatus[]),
  failingStreak: count,
  log: z.array(shapeOf<ProbeResult>()({ start: date, end: date, exitCode: count, output: text })),
})

export const CONTAINER: RecordKind<ContainerRecord> = {
  name: 'container',
  shape: shapeOf<ContainerRecord>()({
    id,
    name: text,
    created: date,
    spec,
    state,
    restartCount: count,
    stoppedByHand: yes,
    health: orAbsent(health),
  }),
}
