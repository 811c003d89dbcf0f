import { EngineError } from '../../contract/errors.ts'
import type { GuestSpec } from '../../contract/guest-spec.ts'
import { checkHostName } from '../../contract/host-name.ts'
import { type ContainerId, shortId } from '../../contract/ids.ts'
import { signalOf } from '../../contract/signals.ts'
import { type TerminalSize, UNKNOWN_SIZE } from '../../contract/terminal.ts'
import type { Attachment } from '../network/network-record.ts'
import { argvOf } from './argv.ts'
import { Container } from './container.ts'
import type { ContainerRecord } from './container-record.ts'
import { type ContainerSpec, DEFAULT_LOG, type LogOptions } from './container-spec.ts'
import { announce, type ContainerParts } from './containers.ts'
import { guestSpecOf } from './guest-spec-of.ts'
import { mergedHealthcheck } from './health/healthcheck.ts'
import { randomName } from './random-name.ts'
import { makeDirectories, requestedMounts, volumesOf } from './requested-mounts.ts'
import type { HealthConfig, ImageConfig } from './root-source.ts'
import type { Mount } from './run-spec.ts'
import type { VolumeMount, VolumesFrom } from './volume-mount.ts'

/** What holds where the caller says nothing. */
const CHOICES = {
  env: [] as readonly string[],
  labels: {},
  tty: false,
  attachStdin: false,
  attachStdout: true,
  attachStderr: true,
  openStdin: false,
  stdinOnce: false,
  stopSignal: '',
  restartPolicy: { name: 'no', maximumRetryCount: 0 },
  autoRemove: false,
  networkMode: 'bridge',
  init: false,
  limits: {},
} as const satisfies Partial<ContainerSpec>

type Choices = Pick<ContainerSpec, keyof typeof CHOICES>

/** What a caller may say of a new container. What is absent comes from the image or is Docker's. */
export interface CreateRequest extends Partial<Choices> {
  /** One is made up where there is none. */
  readonly name?: string
  readonly image: string
  /** `[]` and `['']` clear the image's. */
  readonly entrypoint?: readonly string[]
  readonly cmd?: readonly string[]
  readonly workingDir?: string
  readonly user?: string
  readonly hostname?: string
  readonly domainname?: string
  /** Of its terminal, if it has one, until a client says another. */
  readonly terminalSize?: TerminalSize
  /** Seconds. */
  readonly stopTimeout?: number
  readonly readOnlyRoot?: boolean
  readonly mounts?: readonly (Mount | VolumeMount)[]
  /** Paths that get a volume nobody named, unless something is mounted there. */
  readonly volumes?: readonly string[]
  /** Containers whose volumes and bind mounts it gets as well. */
  readonly volumesFrom?: readonly VolumesFrom[]
  /** Directories of the host that are made where they are missing. */
  readonly makeDirectories?: readonly string[]
  /** How it is attached to networks, that of `networkMode` or others. */
  readonly networks?: readonly Attachment[]
  readonly log?: Partial<LogOptions>
  /** What it leaves unsaid is the image's. */
  readonly healthcheck?: HealthConfig
  /** Empty: the image's. */
  readonly shell?: readonly string[]
}

/** @source moby daemon/names, RestrictedNameChars: two characters at least */
const NAME = /^\/?[a-zA-Z0-9][a-zA-Z0-9_.-]+$/

const invalid = (reason: string): EngineError => new EngineError('INVALID_ARGUMENT', reason)

/** A name without its slash. EngineError INVALID_ARGUMENT. */
export function checkedName(name: string): string {
  if (NAME.test(name)) return name.replace(/^\//, '')
  throw invalid(`Invalid container name (${name}), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed`)
}

const nameOf = (entry: string): string => entry.split('=', 1)[0] ?? ''

/** The caller's variables, then the image's whose names are new. A name alone takes one away. */
function mergedEnv(own: readonly string[], image: readonly string[]): readonly string[] {
  for (const entry of own) {
    if (nameOf(entry) === '') throw invalid(`invalid environment variable: ${entry}`)
  }
  const names = new Set(own.map(nameOf))
  const kept = own.filter((entry) => entry.includes('='))
  return [...kept, ...image.filter((entry) => !names.has(nameOf(entry)))]
}

/** Of several entries for one name the last counts. */
const variablesOf = (env: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(env.map((entry) => [nameOf(entry), entry.slice(nameOf(entry).length + 1)]))

/** What is there before the rest of a container. */
interface Making {
  readonly id: ContainerId
  readonly image: { readonly id: string; readonly config: ImageConfig }
  /** Volumes are binds of their directories. */
  readonly mounts: readonly Mount[]
}

function guestOf(
  request: CreateRequest,
  config: ImageConfig,
  env: readonly string[],
  argv: readonly string[],
  { id, mounts }: Making,
): GuestSpec {
  const { workingDir, user, hostname, domainname } = request
  if (hostname) checkHostName('host name', hostname)
  if (domainname) checkHostName('domain name', domainname)
  return guestSpecOf(
    {
      env: variablesOf(env),
      limits: request.limits ?? {},
      mounts,
      readOnly: request.readOnlyRoot ?? false,
      init: request.init ?? false,
      ...(request.tty === true && { terminal: request.terminalSize ?? UNKNOWN_SIZE }),
      ...(workingDir && { cwd: workingDir }),
      ...(user && { user }),
      ...(hostname && { hostname }),
      ...(domainname && { domainname }),
    },
    {
      argv,
      environment: request.tty === true ? ['TERM=xterm'] : [],
      workingDirectory: config.WorkingDir || '/',
      user: config.User,
      hostname: shortId(id),
    },
  )
}

/** Nothing of the request but the choices goes into a record. */
function choicesOf(request: CreateRequest): Choices {
  const keys = Object.keys(CHOICES) as readonly (keyof Choices)[]
  // A key of CHOICES each, with its value of that type.
  return Object.fromEntries(keys.map((key) => [key, request[key] ?? CHOICES[key]])) as never
}

/** The network of its mode first. A mode that names another container has none of its own. */
function attachmentsOf(mode: string, wanted: readonly Attachment[] = []): readonly Attachment[] {
  if (mode.startsWith('container:')) {
    throw new EngineError('NOT_IMPLEMENTED', `network mode "${mode}" is not implemented yet`)
  }
  const plain = { network: mode, aliases: [], address: undefined }
  const first = wanted.find(({ network }) => network === mode) ?? plain
  return [first, ...wanted.filter(({ network }) => network !== mode)]
}

function specOf(request: CreateRequest, making: Making): ContainerSpec {
  const { image } = making
  const chosen = choicesOf(request)
  if (chosen.stopSignal !== '') signalOf(chosen.stopSignal)
  if (chosen.autoRemove && chosen.restartPolicy.name !== 'no') {
    throw invalid("can't create 'AutoRemove' container with restart policy")
  }
  const env = mergedEnv(chosen.env, image.config.Env)
  const { argv, entrypoint, cmd } = argvOf(request, image.config)
  const healthcheck = mergedHealthcheck(request.healthcheck, image.config.Healthcheck)
  const shell = request.shell?.length ? request.shell : image.config.Shell
  return {
    ...chosen,
    labels: { ...image.config.Labels, ...chosen.labels },
    image: request.image,
    imageId: image.id,
    entrypoint,
    cmd,
    env,
    stopSignal: chosen.stopSignal || (image.config.StopSignal ?? ''),
    stopTimeout: request.stopTimeout,
    networks: attachmentsOf(chosen.networkMode, request.networks),
    log: { ...DEFAULT_LOG, ...request.log },
    ...(healthcheck && { healthcheck }),
    ...(shell && { shell }),
    guest: guestOf(request, image.config, env, argv, making),
  }
}

async function storeNew(
  parts: ContainerParts,
  record: Pick<ContainerRecord, 'id' | 'spec'>,
  wanted: string | undefined,
): Promise<ContainerId> {
  const name = wanted ?? randomName(parts.random, (taken) => parts.all.hasName(taken))
  parts.all.reserve(name, record.id)
  const created: ContainerRecord = {
    ...record,
    name,
    created: parts.now(),
    state: { status: 'created', last: undefined },
    restartCount: 0,
    stoppedByHand: false,
  }
  try {
    await parts.store.put(created)
  } catch (error) {
    parts.all.release(name)
    throw error
  }
  parts.all.add(new Container(created, parts.logOf(created)))
  announce(parts, created, 'create')
  return created.id
}

/**
 * Makes a container that has not run yet.
 *
 * @returns its id.
 * @throws EngineError `INVALID_ARGUMENT` | `INVALID_LIMIT` | `INVALID_MOUNT` | `NO_SUCH_IMAGE` |
 *   `NAME_IN_USE` | `NO_SUCH_PLUGIN`.
 * @source the order of the checks: engine API reference, 6.1
 */
export const create =
  (parts: ContainerParts) =>
  async (request: CreateRequest): Promise<ContainerId> => {
    const wanted = request.name ? checkedName(request.name) : undefined
    const mounts = requestedMounts(parts.all, request)
    const { id: imageId, root } = await parts.image(request.image)
    const id = parts.newId()
    const image = { id: imageId, config: root.config }
    await makeDirectories(request.makeDirectories ?? [])
    const volumes = volumesOf(mounts, request.volumes ?? [], root.config)
    const provided = await parts.volumes.provide(volumes, () => root.files())
    try {
      const own = mounts.filter((mount) => mount.type !== 'volume')
      const spec = specOf(request, { id, image, mounts: [...own, ...provided.mounts] })
      await storeNew(parts, { id, spec }, wanted)
    } catch (error) {
      await provided.settle(false)
      throw error
    }
    await provided.settle(true)
    return id
  }
